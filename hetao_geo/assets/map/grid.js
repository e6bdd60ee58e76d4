// What lies near a box, without looking at everything: things are kept by the squares of the window
// that they touch, so that the time for n names grows with n.
(hetao => {
  const CELL = 48;

  hetao.makeGrid = area => {
    const columns = Math.max(1, Math.ceil((area.right - area.left) / CELL));
    const rows = Math.max(1, Math.ceil((area.bottom - area.top) / CELL));
    const cells = new Array(columns * rows);
    let round = 0;

    const column = x => Math.max(0, Math.min(columns - 1, Math.floor((x - area.left) / CELL)));
    const row = y => Math.max(0, Math.min(rows - 1, Math.floor((y - area.top) / CELL)));

    // Calls act(cell, index) for the squares under a box; true as soon as act is.
    function under(box, act) {
      if (!hetao.placing.overlap(box, area)) return false;
      const last = column(box.right), bottom = row(box.bottom);
      for (let r = row(box.top); r <= bottom; r += 1) {
        for (let c = column(box.left); c <= last; c += 1) {
          if (act(cells[r * columns + c], r * columns + c)) return true;
        }
      }
      return false;
    }

    function put(item, index) {
      if (cells[index]) cells[index].push(item); else cells[index] = [item];
    }

    return {
      // An item has a box.
      addBox: item => { under(item.box, (cell, index) => { put(item, index); }); },
      // An item has a segment [x, y, x, y]; only the squares that it touches hold it.
      addSegment: item => {
        const s = item.segment;
        const box = { left: Math.min(s[0], s[2]), top: Math.min(s[1], s[3]), right: Math.max(s[0], s[2]) + 0.01, bottom: Math.max(s[1], s[3]) + 0.01 };
        under(box, (cell, index) => {
          const left = area.left + index % columns * CELL;
          const top = area.top + Math.floor(index / columns) * CELL;
          // A square at the rim stands for all beyond it.
          if (hetao.placing.crosses(s, { left: left - 1, top: top - 1, right: left + CELL + 1, bottom: top + CELL + 1 })) put(item, index);
        });
      },
      some: (box, test) => under(box, cell => cell && cell.some(item => !item.gone && test(item))),
      each: (box, act) => {
        round += 1;
        under(box, cell => {
          if (cell) cell.forEach(item => { if (item.round !== round && !item.gone) { item.round = round; act(item); } });
        });
      },
    };
  };
})(hetao);
