// Small shapefiles and zips, written byte by byte, so that tests hold their own files.

/** A .shp of polygons; each shape is its rings of [lon, lat], outer rings clockwise. Type 3 makes lines of them. */
export function shp(shapes: number[][][][], type: 3 | 5 = 5): Buffer {
  const records = shapes.map((rings, i) => {
    const points = rings.flat()
    const content = Buffer.alloc(44 + 4 * rings.length + 16 * points.length)
    content.writeInt32LE(type, 0)
    const xs = points.map(p => p[0]!)
    const ys = points.map(p => p[1]!)
    const bounds = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
    bounds.forEach((v, k) => content.writeDoubleLE(v, 4 + 8 * k))
    content.writeInt32LE(rings.length, 36)
    content.writeInt32LE(points.length, 40)
    let first = 0
    rings.forEach((ring, k) => {
      content.writeInt32LE(first, 44 + 4 * k)
      first += ring.length
    })
    points.forEach(([x, y], k) => {
      content.writeDoubleLE(x!, 44 + 4 * rings.length + 16 * k)
      content.writeDoubleLE(y!, 52 + 4 * rings.length + 16 * k)
    })
    const head = Buffer.alloc(8)
    head.writeInt32BE(i + 1, 0)
    head.writeInt32BE(content.length / 2, 4)
    return Buffer.concat([head, content])
  })
  const header = Buffer.alloc(100)
  header.writeInt32BE(9994, 0)
  header.writeInt32BE((100 + records.reduce((sum, r) => sum + r.length, 0)) / 2, 24)
  header.writeInt32LE(1000, 28)
  header.writeInt32LE(type, 32)
  return Buffer.concat([header, ...records])
}

/** A dBASE III table of text columns. */
export function dbf(rows: Record<string, string>[]): Buffer {
  const names = Object.keys(rows[0]!)
  const width = 60
  const header = Buffer.alloc(32 + 32 * names.length + 1)
  header.writeUInt8(3, 0)
  header.writeUInt32LE(rows.length, 4)
  header.writeUInt16LE(header.length, 8)
  header.writeUInt16LE(1 + width * names.length, 10)
  names.forEach((name, k) => {
    header.write(name, 32 + 32 * k, 'latin1')
    header.write('C', 43 + 32 * k)
    header.writeUInt8(width, 48 + 32 * k)
  })
  header.writeUInt8(0x0d, header.length - 1)
  const body = rows.map(row => ` ${names.map(name => row[name]!.padEnd(width)).join('')}`).join('')
  return Buffer.concat([header, Buffer.from(body, 'latin1'), Buffer.of(0x1a)])
}

/** A zip of stored members. */
export function zip(members: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of Object.entries(members)) {
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt32LE(crcOf(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), bytes])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    centrals.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.of(20, 0), common, rest, Buffer.from(name)]),
    )
    locals.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006')
  end.writeUInt16LE(locals.length, 8)
  end.writeUInt16LE(locals.length, 10)
  end.writeUInt32LE(Buffer.concat(centrals).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...centrals, end])
}

function crcOf(bytes: Buffer): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
