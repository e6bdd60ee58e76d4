// What Chrome 66 (WeChat's X5) and Safari 14 lack of what the scripts use; newer browsers keep
// their own.
(function () {
  function define(target, name, value) {
    if (!target[name]) Object.defineProperty(target, name, { value: value, writable: true, configurable: true });
  }

  define(Array.prototype, "flat", function () {
    return Array.prototype.concat.apply([], this);
  });
  define(Array.prototype, "flatMap", function (change, self) {
    return Array.prototype.concat.apply([], this.map(change, self));
  });
  define(Element.prototype, "replaceChildren", function () {
    this.textContent = "";
    this.append.apply(this, arguments);
  });
})();
