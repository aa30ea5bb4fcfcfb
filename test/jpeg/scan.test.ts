import t from 'tap'
import { endOfOnlyScan, nextMarker } from '../../src/jpeg/scan.js'

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

t.test('the next marker in a scan is the first 0xFF that is neither stuffed nor part of a restart marker', async t => {
  for (const [hex, at] of [['01 02', -1], ['ff00 ffd0 ffd7 01', -1], ['01 ff00 ffd9', 3], ['01 ff', 1], ['ffff d9', 0], ['ff00 ff13', 2]] as const) {
    t.equal(nextMarker(bytes(hex), 0), at, hex)
  }
  t.equal(nextMarker(bytes('ffd9 01 ffd9'), 1), 3)
})

t.test('the only scan of a JPEG ends', async t => {
  t.test('at its EOI, or with the bytes', async t => {
    for (const [hex, end] of [['01 02', 2], ['01 ffd9', 1], ['01 ffd9 0000', 1], ['01 ffff d9', 2], ['01 ff', 2], ['ff00 ffd0 ffd9', 4]] as const) {
      t.equal(endOfOnlyScan(bytes(hex), 0), end, hex)
    }
    t.equal(endOfOnlyScan(bytes('ffd8 ffda 01 ffd9'), 4), 5, 'a header in front of it does not matter')
  })
  t.test('after unstuffed data', async t => {
    for (const hex of ['ff13', 'ffc4 0000', 'ffd8 01', 'ffda 01 0203', 'ffc0 000b 01']) {
      const scan = bytes(`01 ${hex} 02`)
      t.equal(endOfOnlyScan(scan, 0), scan.length, hex)
    }
  })
  t.test('nowhere, if another picture, frame or scan begins in it', async t => {
    for (const hex of ['ffd8 ff', 'ffd8', 'ffc0 0011 08', 'ffc2 0011 08', 'fff7 000b 08', 'ffda 000c 03']) {
      t.equal(endOfOnlyScan(bytes(`01 ff13 ${hex}`), 0), undefined, hex)
    }
  })
})
