// Draws a QR code without any network: byte mode, level M, versions 1 to 6 (ISO/IEC 18004).
// `draw(text)` gives { side, path }: the side in modules with its border, and an SVG path.

const BORDER = 4;
// Version: data codewords, error correction codewords of each block, blocks (all of one size).
const VERSIONS = [[16, 10, 1], [28, 16, 1], [44, 26, 1], [64, 18, 2], [86, 24, 2], [108, 16, 4]];
const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function times(one, other) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product;
}

function correction(data, degree) {
  const divisor = new Array(degree).fill(0);
  divisor[degree - 1] = 1;
  let root = 1;
  for (let step = 0; step < degree; step += 1) {
    for (let place = 0; place < degree; place += 1) {
      divisor[place] = times(divisor[place], root) ^ (divisor[place + 1] || 0);
    }
    root = times(root, 2);
  }
  const rest = new Array(degree).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((value, place) => {
      rest[place] ^= times(value, factor);
    });
  }
  return rest;
}

function codewords(bytes, [size, degree, blocks]) {
  const bits = [];
  const put = (value, length) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >>> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, 8);
  bytes.forEach((byte) => put(byte, 8));
  put(0, Math.min(4, size * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const data = [];
  for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let pad = 0xec; data.length < size; pad ^= 0xec ^ 0x11) data.push(pad);
  const each = size / blocks;
  const parts = Array.from({ length: blocks }, (_, block) => data.slice(block * each, (block + 1) * each));
  const fixes = parts.map((part) => correction(part, degree));
  const woven = [];
  for (let at = 0; at < each; at += 1) parts.forEach((part) => woven.push(part[at]));
  for (let at = 0; at < degree; at += 1) fixes.forEach((fix) => woven.push(fix[at]));
  return woven;
}

class Grid {
  constructor(version) {
    this.side = 17 + 4 * version;
    this.dark = Array.from({ length: this.side }, () => new Array(this.side).fill(false));
    this.fixed = Array.from({ length: this.side }, () => new Array(this.side).fill(false));
    for (let at = 0; at < this.side; at += 1) {
      this.fix(6, at, at % 2 === 0);
      this.fix(at, 6, at % 2 === 0);
    }
    const last = this.side - 4;
    [[3, 3], [last, 3], [3, last]].forEach(([x, y]) => this.square(x, y, 4, [2, 4]));
    if (version > 1) this.square(4 * version + 10, 4 * version + 10, 2, [1]);
    this.format(0);
  }

  fix(x, y, dark) {
    this.dark[y][x] = dark;
    this.fixed[y][x] = true;
  }

  // Rings around a centre; those in `light` are light.
  square(x, y, reach, light) {
    for (let down = -reach; down <= reach; down += 1) {
      for (let across = -reach; across <= reach; across += 1) {
        const [px, py] = [x + across, y + down];
        if (px < 0 || py < 0 || px >= this.side || py >= this.side) continue;
        this.fix(px, py, !light.includes(Math.max(Math.abs(across), Math.abs(down))));
      }
    }
  }

  format(mask) {
    let rest = mask; // level M is 00
    for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    const bit = (at) => ((bits >>> at) & 1) === 1;
    for (let at = 0; at <= 5; at += 1) this.fix(8, at, bit(at));
    this.fix(8, 7, bit(6));
    this.fix(8, 8, bit(7));
    this.fix(7, 8, bit(8));
    for (let at = 9; at < 15; at += 1) this.fix(14 - at, 8, bit(at));
    for (let at = 0; at < 8; at += 1) this.fix(this.side - 1 - at, 8, bit(at));
    for (let at = 8; at < 15; at += 1) this.fix(8, this.side - 15 + at, bit(at));
    this.fix(8, this.side - 8, true);
  }

  fill(data) {
    let at = 0;
    for (let right = this.side - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let down = 0; down < this.side; down += 1) {
        for (let column = 0; column < 2; column += 1) {
          const x = right - column;
          const y = ((right + 1) & 2) === 0 ? this.side - 1 - down : down;
          if (this.fixed[y][x] || at >= data.length * 8) continue;
          this.dark[y][x] = ((data[at >>> 3] >>> (7 - (at & 7))) & 1) === 1;
          at += 1;
        }
      }
    }
  }

  turn(mask) {
    for (let y = 0; y < this.side; y += 1) {
      for (let x = 0; x < this.side; x += 1) {
        if (!this.fixed[y][x] && MASKS[mask](x, y) === 0) this.dark[y][x] = !this.dark[y][x];
      }
    }
  }

  // How hard it is to read: long runs, blocks, false finders, one colour too often.
  penalty() {
    const rows = this.dark.map((row) => row.map((dark) => (dark ? "1" : "0")).join(""));
    const columns = rows.map((_, x) => rows.map((row) => row[x]).join(""));
    let sum = 0;
    for (const line of [...rows, ...columns]) {
      for (const run of line.match(/0{5,}|1{5,}/g) || []) sum += run.length - 2;
      for (const finder of ["00001011101", "10111010000"]) {
        for (let at = line.indexOf(finder); at >= 0; at = line.indexOf(finder, at + 1)) sum += 40;
      }
    }
    for (let y = 1; y < this.side; y += 1) {
      for (let x = 1; x < this.side; x += 1) {
        const four = rows[y][x] + rows[y - 1][x] + rows[y][x - 1] + rows[y - 1][x - 1];
        if (four === "0000" || four === "1111") sum += 3;
      }
    }
    const share = rows.join("").split("1").length / this.side ** 2;
    return sum + Math.floor(Math.abs(share - 0.5) * 20) * 10;
  }
}

export function draw(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = VERSIONS.findIndex(([size]) => bytes.length <= size - 2) + 1;
  if (!version) throw new RangeError("too long for this code");
  const grid = new Grid(version);
  grid.fill(codewords(bytes, VERSIONS[version - 1]));
  let best = 0;
  let least = Infinity;
  MASKS.forEach((_, mask) => {
    grid.turn(mask);
    grid.format(mask);
    const found = grid.penalty();
    if (found < least) [best, least] = [mask, found];
    grid.turn(mask);
  });
  grid.turn(best);
  grid.format(best);
  const path = [];
  grid.dark.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) path.push(`M${x + BORDER} ${y + BORDER}h1v1h-1z`);
    });
  });
  return { side: grid.side + 2 * BORDER, path: path.join("") };
}
