/* e85b5a189ce0d13b */
(function(){const e=hetao.open("map");hetao.data.layers.forEach(function(t){const n=hetao.layer(t.key);t.shown&&n.addTo(e)}),document.documentElement.classList.add("hz-live")})()
