import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { depacketizerOf } from '../../src/depacketizer/depacketizer-of.js'
import { MAX_PICTURE_BYTES } from '../../src/picture-size.js'
import type { CodedVideo } from '../../src/codec/coded-picture.js'
import type { ReceivedTrack } from '../../src/codec/track.js'
import { annexB, packet, packetsOf, receive, trackOf, type Sent } from './received.js'

// H.264: first_mb_in_slice, slice_type and pic_parameter_set_id 0. H.265: first_slice_segment_in_pic_flag, and slice_pic_parameter_set_id 0.
const first = 0xe0
const later = 0x78
const bytes = (...values: number[]) => Buffer.from(values)

/** NAL units that look real to a depacketizer; `n` distinguishes them, `size` makes them long. */
const codecs = [
  {
    codec: 'h264',
    sets: [bytes(0x67, 66, 0, 30, 0x80, 1), bytes(0x68, 0xc0, 1)],
    otherSets: [bytes(0x67, 77, 0, 30, 0x80, 2), bytes(0x68, 0xc0, 2)],
    key: (n: number, size = 0) => Buffer.concat([bytes(0x65, first, n), Buffer.alloc(size, n)]),
    keyRest: (n: number, size = 0) => Buffer.concat([bytes(0x65, later, n), Buffer.alloc(size, n)]),
    slice: (n: number, size = 0) => Buffer.concat([bytes(0x41, first, n), Buffer.alloc(size, n)]),
    sliceRest: (n: number, size = 0) => Buffer.concat([bytes(0x41, later, n), Buffer.alloc(size, n)]),
    sei: bytes(0x06, 5, 1, 7, 0x80),
    dropped: [bytes(0x09, 0x10), bytes(0x0c, 0xff, 0xff, 0x80)],
    delimiter: bytes(0x09, 0xf0),
    aggregate: (...nals: Buffer[]) => aggregate(bytes(0x78), nals),
    foreign: [0, 16, 17, 18, 22, 23, 30, 31].map(type => bytes(0x60 | type, first, 0, 0, 1, 0x65, first)),
    malformed: [bytes(0x7c)]
  },
  {
    codec: 'h265',
    sets: [bytes(0x40, 1, 0x0c, 1), h265Sps(1), bytes(0x44, 1, 0xc0, 1)],
    otherSets: [bytes(0x40, 1, 0x0c, 2), h265Sps(2), bytes(0x44, 1, 0xc0, 2)],
    key: (n: number, size = 0) => Buffer.concat([bytes(0x26, 1, first, n), Buffer.alloc(size, n)]),
    keyRest: (n: number, size = 0) => Buffer.concat([bytes(0x26, 1, later, n), Buffer.alloc(size, n)]),
    slice: (n: number, size = 0) => Buffer.concat([bytes(0x02, 1, first, n), Buffer.alloc(size, n)]),
    sliceRest: (n: number, size = 0) => Buffer.concat([bytes(0x02, 1, later, n), Buffer.alloc(size, n)]),
    sei: bytes(0x4e, 1, 5, 1, 7, 0x80),
    dropped: [bytes(0x46, 1, 0x10), bytes(0x4c, 1, 0xff, 0x80)],
    delimiter: bytes(0x46, 1, 0x50),
    aggregate: (...nals: Buffer[]) => aggregate(bytes(0x60, 1), nals),
    foreign: [10, 15, 22, 31, 41, 47, 50, 63].map(type => bytes(type << 1, 1, first, 0, 0, 1, 0x26, 1, first)),
    malformed: [bytes(0x02), bytes(0x62, 1)]
  }
] as const
type Codec = typeof codecs[number]

/** Its id is 0, and it refers to video parameter set 0; 12 bytes of profile, tier and level come before its id. */
function h265Sps (n: number): Buffer {
  return bytes(0x42, 1, 1, ...Array<number>(12).fill(0x11), 0x80, n)
}

function aggregate (header: Buffer, nals: readonly Buffer[]): Buffer {
  return Buffer.concat([header, ...nals.flatMap(nal => [bytes(nal.length >> 8, nal.length & 0xff), nal])])
}

/** A depacketizer at work: `in` returns each picture as text, for readable differences. */
function camera (kind: Codec, track: Partial<ReceivedTrack> = {}) {
  const depacketizer = depacketizerOf(trackOf(kind.codec, track))
  let leaning = 0
  return {
    depacketizer,
    /** Pictures that were dropped. */
    get dropped () { return depacketizer.damaged - leaning },
    in: (...sent: Array<Sent | Sent[]>) => receive(depacketizer, sent.flat()).map(({ rtpTime, key, damaged, bytes }) => {
      if (damaged) leaning++
      return `${rtpTime}${key ? ' key' : ''} ${bytes.toString('hex')}`
    }),
    /** The packets of a picture without the marker of the last one. */
    unmarked: (nals: readonly Buffer[], timestamp: number, maxBytes?: number) =>
      packetsOf(kind.codec, nals, timestamp, maxBytes).map(packet => ({ ...packet, marker: false })),
    marked: (nals: readonly Buffer[], timestamp: number, maxBytes?: number) => packetsOf(kind.codec, nals, timestamp, maxBytes),
    picture: (timestamp: number, ...nals: Buffer[]) => `${timestamp} ${annexB(...nals, kind.delimiter).toString('hex')}`,
    keyPicture: (timestamp: number, ...nals: Buffer[]) => `${timestamp} key ${annexB(...nals, kind.delimiter).toString('hex')}`
  }
}

for (const kind of codecs) {
  const { sets, otherSets, key, keyRest, slice, sliceRest, sei, dropped, foreign, delimiter } = kind

  t.test(`an ${kind.codec} picture is complete`, async t => {
    t.test('at the marker: a single packet, fragments, aggregates or several slices', async t => {
      const it = camera(kind)
      t.same(it.in(it.marked([...sets, sei, key(1, 300), keyRest(2)], 10, 50)), [it.keyPicture(10, ...sets, sei, key(1, 300), keyRest(2))])
      t.same(it.in(it.marked([slice(3)], 20)), [it.picture(20, slice(3))])
      t.same(it.in(packet(kind.aggregate(sei, slice(4), sliceRest(5)), 30, true)), [it.picture(30, sei, slice(4), sliceRest(5))])
      t.same(it.in(packet(Buffer.concat([kind.aggregate(slice(6)), bytes(0, 0)]), 40, true)), [it.picture(40, slice(6))], 'padded')
    })
    t.test('at the next timestamp, if the marker never arrives', async t => {
      const it = camera(kind)
      t.same(it.in(it.unmarked([...sets, key(1), keyRest(1)], 10), it.unmarked([slice(2)], 4), it.unmarked([slice(3)], 7)),
        [it.keyPicture(10, ...sets, key(1), keyRest(1)), it.picture(4, slice(2))])
    })
    t.test('at the start of the next one, if the timestamp stays the same too', async t => {
      const it = camera(kind)
      t.same(it.in(it.unmarked([...sets, key(1), keyRest(1), slice(2), sei, slice(3), sliceRest(4), dropped[0]], 0)),
        [it.keyPicture(0, ...sets, key(1), keyRest(1)), it.picture(0, slice(2)), it.picture(0, sei, slice(3), sliceRest(4))])
    })
    t.test('even if the camera does not mark the last fragment', async t => {
      const it = camera(kind)
      const packets = it.unmarked([...sets, key(1, 100), keyRest(2, 100)], 10, 60)
      const forgetful = packets.map(({ payload, ...rest }) => {
        const flags = kind.codec === 'h264' ? 1 : 2
        const copy = Buffer.from(payload)
        if (payload.length > 20) copy[flags]! &= 0xbf
        return { ...rest, payload: copy }
      })
      t.same(it.in(forgetful, it.marked([slice(3)], 20)),
        [it.keyPicture(10, ...sets, key(1, 100), keyRest(2, 100)), it.picture(20, slice(3))])
    })
  })

  t.test(`an ${kind.codec} key picture contains its parameter sets from any origin`, async t => {
    const seen = (track: Partial<ReceivedTrack>, ...sent: Sent[]) => receive(depacketizerOf(trackOf(kind.codec, track)), sent)
    const inBand = seen({}, ...packetsOf(kind.codec, [...sets, key(1)], 1), ...packetsOf(kind.codec, [slice(2)], 2))
    t.match(inBand, [{ codec: kind.codec, parameterSets: sets }, { codec: kind.codec, parameterSets: undefined }])
    t.match(seen({ parameterSets: [...sets] }, ...packetsOf(kind.codec, [key(1)], 1)), [{ parameterSets: sets }])
    const [first, same, other] = seen({ parameterSets: [...sets] }, ...packetsOf(kind.codec, [key(1)], 1), ...packetsOf(kind.codec, [...sets, key(1)], 2), ...packetsOf(kind.codec, [...otherSets, key(1)], 3)) as CodedVideo[]
    t.equal(same!.parameterSets, first!.parameterSets, 'the same array, as nothing changed')
    t.not(other!.parameterSets, first!.parameterSets)
    t.ok(otherSets.every(set => other!.parameterSets!.some(nal => nal.equals(set))))
  })

  t.test(`the timestamp of an ${kind.codec} camera is not trusted once it changed within a picture`, async t => {
    const stamped = (packets: Sent[], from: number) => packets.map((sent, index) => sent === 'lost' ? sent : { ...sent, timestamp: from + index })
    for (const [name, way] of [['marked', 'marked'], ['never marked', 'unmarked']] as const) {
      t.test(`and its pictures are clean, ${name}`, async t => {
        const it = camera(kind)
        const nals = (n: number) => [[...sets, sei, key(n, 300), keyRest(n, 200)], [slice(n, 200), sliceRest(n, 100)], [slice(n)]]
        const seen = [1, 2, 3].flatMap(n => nals(n).map((nals, index) => it.in(stamped(it[way](nals, 0, 60), 1_000 * n + 100 * index)))).flat()
        seen.push(...it.in(packet(delimiter, 9_000)))
        const expected = [1, 2, 3].flatMap(n => nals(n).map(nals => annexB(...nals, delimiter).toString('hex')))
        t.same(seen.map(picture => picture.split(' ').at(-1)), expected)
        t.equal(it.depacketizer.damaged, 0)
      })
    }
    t.test('even if each slice is a packet', async t => {
      const it = camera(kind)
      t.same(it.in(stamped(it.marked([...sets, key(1), keyRest(1), keyRest(2)], 0), 10), stamped(it.marked([slice(1), sliceRest(1)], 0), 20)),
        [it.keyPicture(12 + sets.length - 2, ...sets, key(1), keyRest(1), keyRest(2)), it.picture(20, slice(1), sliceRest(1))])
      t.equal(it.depacketizer.damaged, 0)
    })
    t.test('and a picture without one of its packets is one damaged picture', async t => {
      const it = camera(kind)
      it.in(stamped(it.marked([...sets, key(1, 300)], 0, 60), 0))
      const lossy = stamped(it.marked([slice(2, 300)], 0, 60), 100)
      lossy[2] = 'lost'
      t.same(it.in(lossy, stamped(it.marked([slice(3)], 0), 200)), [it.picture(200, slice(3))])
      t.equal(it.dropped, 1)
    })
  })

  t.test(`the marker of an ${kind.codec} camera is not trusted`, async t => {
    t.test('once a picture continued after it', async t => {
      const it = camera(kind)
      const everySlice = (timestamp: number, ...nals: Buffer[]) => nals.map(nal => packet(nal, timestamp, true))
      t.same(it.in(everySlice(10, ...sets, key(1))), [it.keyPicture(10, ...sets, key(1))])
      t.same(it.in(everySlice(10, keyRest(1)), everySlice(20, slice(2), sliceRest(2)), everySlice(30, slice(3))), [it.picture(20, slice(2), sliceRest(2))])
      t.equal(it.dropped, 1, 'the rest of the first one')
    })
    t.test('once it was set within a NAL unit', async t => {
      const it = camera(kind)
      const everyPacket = (nals: Buffer[], timestamp: number) => it.marked(nals, timestamp, 50).map(packet => ({ ...packet, marker: true }))
      t.same(it.in(everyPacket([...sets, key(1, 200), keyRest(1, 200)], 10), everyPacket([slice(2)], 20)),
        [it.keyPicture(10, ...sets, key(1, 200), keyRest(1, 200))])
      t.equal(it.depacketizer.damaged, 0)
    })
    t.test('unless the picture after it has the same timestamp, or something was lost', async t => {
      const it = camera(kind)
      it.in(it.marked([...sets, key(1)], 10))
      t.same(it.in(it.marked([slice(2), sliceRest(2)], 10)), [it.picture(10, slice(2), sliceRest(2))], 'the second field')
      t.same(it.in('lost', it.marked([sliceRest(3)], 10)), [])
      t.same(it.in(it.marked([slice(4)], 20)), [it.picture(20, slice(4))])
    })
  })

  t.test(`a NAL unit in front of ${kind.codec} slices`, async t => {
    t.test('belongs to them with any timestamp and marker', async t => {
      const it = camera(kind)
      t.same(it.in(sets.map(nal => packet(nal, 5, true)), it.marked([key(1)], 10)), [it.keyPicture(10, ...sets, key(1))])
      t.same(it.in(it.unmarked([...sets, sei], 10)), [])
      t.same(it.in(it.marked([key(2)], 20)), [it.keyPicture(20, ...sets, sei, key(2))])
      t.same(it.in(it.unmarked([slice(3)], 30), it.unmarked([...sets], 30), it.marked([key(4)], 40)),
        [it.picture(30, slice(3)), it.keyPicture(40, ...sets, key(4))])
    })
    t.test('is dropped if it is a delimiter or filler', async t => {
      const it = camera(kind)
      t.same(it.in(it.marked([dropped[0], ...sets, dropped[1], key(1), dropped[1]], 10, 60)), [it.keyPicture(10, ...sets, key(1))])
      const long = Buffer.concat([dropped[1], Buffer.alloc(100, 0xff)])
      t.same(it.in(it.marked([slice(2), long], 20, 30)), [it.picture(20, slice(2))])
    })
  })

  t.test(`an ${kind.codec} NAL unit of a type that decoders ignore is dropped, and costs no picture:`, async t => {
    for (const own of foreign) {
      t.test(own.toString('hex'), async t => {
        const it = camera(kind)
        const large = Buffer.concat([own, Buffer.alloc(200, 7)])
        t.same(it.in(it.marked([own, ...sets, own, key(1), large, keyRest(1), own], 10, 60)), [it.keyPicture(10, ...sets, key(1), keyRest(1))])
        t.same(it.in(it.marked([slice(2), large], 20, 60)), [it.picture(20, slice(2))], 'the last fragment has the marker')
        t.same(it.in(it.unmarked([slice(3)], 30), packet(own, 31, true)), [it.picture(30, slice(3))], 'with another timestamp')
        t.same(it.in(packet(kind.aggregate(own, slice(4), own, sliceRest(4), kind.aggregate()), 40, true)), [it.picture(40, slice(4), sliceRest(4))])
        t.equal(it.depacketizer.damaged, 0)
      })
    }
  })

  t.test(`a piece of an Annex B stream instead of an ${kind.codec} NAL unit`, async t => {
    const short = bytes(0, 0, 1)
    const long = bytes(0, 0, 0, 1)
    const joined = (startCode: Buffer, ...nals: readonly Buffer[]) => Buffer.concat(nals.flatMap((nal, index) => index === 0 ? [nal] : [startCode, nal]))
    const nals = [...sets, sei, key(1, 90), keyRest(1, 90)]
    for (const [name, startCode] of [['3 bytes', short], ['4 bytes', long], ['zeros and 3 bytes', bytes(0, 0, 0, 0, 0, 0, 1)]] as const) {
      t.test(`is split at its start codes of ${name}, with any fragmentation`, async t => {
        for (let maxBytes = 4; maxBytes < 400; maxBytes++) {
          const it = camera(kind)
          const seen = it.in(it.marked([joined(startCode, ...nals)], 10, maxBytes), it.marked([joined(startCode, slice(2, 5), sliceRest(2, 5))], 20, maxBytes))
          assert.deepEqual(seen, [it.keyPicture(10, ...nals), it.picture(20, slice(2, 5), sliceRest(2, 5))], `${maxBytes} bytes`)
          assert.equal(it.depacketizer.damaged, 0)
        }
        const it = camera(kind)
        t.same(it.in(packet(kind.aggregate(joined(startCode, ...nals)), 10, true)), [it.keyPicture(10, ...nals)], 'in an aggregate')
      })
    }
    t.test('may begin with a start code, or a delimiter', async t => {
      for (const before of [short, long, joined(long, dropped[0], Buffer.alloc(0)), joined(short, dropped[0], dropped[1], Buffer.alloc(0))]) {
        for (const maxBytes of [12, 30, 1_400]) {
          const it = camera(kind)
          t.same(it.in(it.marked([Buffer.concat([before, joined(long, ...nals)])], 10, maxBytes)), [it.keyPicture(10, ...nals)], `${before.toString('hex')}, ${maxBytes}`)
        }
      }
    })
    t.test('may contain parameter sets of any length up to the limit', async t => {
      for (let size = 0; size <= 4_000; size += 500) {
        const it = camera(kind)
        const large = [...sets.slice(0, -1), Buffer.concat([sets.at(-1)!, Buffer.alloc(size, 5)]), key(1, 5_000)]
        t.same(it.in(it.marked([joined(long, ...large)], 10)), [it.keyPicture(10, ...large)], `${size} bytes`)
      }
      t.throws(() => camera(kind).in(packet(joined(long, Buffer.concat([sets.at(-1)!, Buffer.alloc(5_000, 5)]), key(1)), 10)), { code: 'BAD_RTP', message: /parameter set/ })
    })
  })

  t.test(`the parameter sets of an ${kind.codec} camera`, async t => {
    t.test('come from its session description', async t => {
      const it = camera(kind, { parameterSets: [...sets].reverse() })
      t.same(it.in(it.marked([sei, key(1)], 10)), [it.keyPicture(10, ...sets, sei, key(1))])
      t.same(it.in(it.marked([slice(1)], 20)), [it.picture(20, slice(1))])
    })
    t.test('are the newest in the stream', async t => {
      const it = camera(kind, { parameterSets: [...sets] })
      t.same(it.in(it.marked([...otherSets, key(1)], 10)), [it.keyPicture(10, ...otherSets, key(1))], 'unchanged')
      t.same(it.in(it.marked([key(2)], 20)), [it.keyPicture(20, ...otherSets, key(2))])
      t.same(it.in(it.marked([sets[0], key(3)], 30)), [it.keyPicture(30, sets[0], ...otherSets.slice(1), sets[0], key(3))])
    })
    t.test('are kept even if the picture after them is lost', async t => {
      const it = camera(kind)
      t.same(it.in(it.unmarked([...sets], 10), 'lost', it.marked([keyRest(1)], 10), it.marked([key(2)], 20)), [it.keyPicture(20, ...sets, key(2))])
    })
    const [pps, spsAt] = [sets.at(-1)!, sets.length - 2]
    /** Other sets, and a key slice that refers to the picture parameter set with this id. */
    const ppsOf = (id: number, spsId = 0) => Buffer.concat([pps.subarray(0, -2), packBits(ue(id), ue(spsId), '1')])
    const keyOf = (id: number) => Buffer.concat([key(1).subarray(0, -2), packBits(kind.codec === 'h264' ? '11' : '10', ue(id), '1')])
    t.test('are kept by id, including an announced one that never comes in band', async t => {
      const it = camera(kind, { parameterSets: [...sets, ppsOf(1)] })
      t.same(it.in(it.marked([...sets, keyOf(1)], 10)), [it.keyPicture(10, ...sets, ppsOf(1), ...sets, keyOf(1))])
      t.same(it.in(it.marked([...otherSets, keyOf(1)], 20)), [it.keyPicture(20, ...otherSets, ppsOf(1), ...otherSets, keyOf(1))])
    })
    t.test('replace only those with their own id', async t => {
      const changed = Buffer.concat([ppsOf(1), bytes(9)])
      const it = camera(kind, { parameterSets: [...sets] })
      it.in(it.marked([ppsOf(1), key(1)], 10), it.marked([changed, key(1)], 20))
      t.same(it.in(it.marked([key(1)], 30)), [it.keyPicture(30, ...sets, changed, key(1))])
    })
    t.test('are awaited until the picture has all it refers to', async t => {
      const it = camera(kind, { parameterSets: [...sets, ppsOf(2, 5)] })
      t.same(it.in(it.marked([keyOf(1)], 10), it.marked([slice(1)], 20)), [], 'no such picture parameter set')
      t.same(it.in(it.marked([keyOf(2)], 30)), [], 'no such sequence parameter set')
      t.same(it.in(it.marked([keyOf(0)], 40)), [it.keyPicture(40, ...sets, ppsOf(2, 5), keyOf(0))])
      t.equal(it.depacketizer.damaged, 0)
    })
    t.test('are not displaced by many others', async t => {
      const it = camera(kind)
      for (let id = 1; id < 60; id++) it.in(it.marked([...sets, ppsOf(id), keyOf(0)], id))
      t.match(it.in(it.marked([keyOf(0)], 100))[0], new RegExp(sets.map(nal => nal.toString('hex')).slice(0, spsAt + 1).join('00000001')))
      t.match(it.in(it.marked([keyOf(0)], 101))[0], pps.toString('hex'))
    })
    t.test('are awaited', async t => {
      const it = camera(kind)
      t.same(it.in(it.marked([key(1)], 10), it.marked([sets[0], key(2)], 20), it.marked([slice(3)], 30)), [])
      t.same(it.in(it.marked([...sets, key(4)], 40)), [it.keyPicture(40, ...sets, key(4))])
    })
    t.test('may be many, but not endlessly many, nor large', async t => {
      const it = camera(kind)
      it.in(it.marked([...sets, key(1)], 0))
      it.in(it.marked(Array.from({ length: 40 }, (_, id) => ppsOf(id + 1)), 1))
      it.in(it.marked([...sets, key(2)], 2))
      const [picture] = receive(it.depacketizer, it.marked([key(3)], 3))
      t.equal(picture?.bytes.toString('hex').split('00000001').length, 1 + (sets.length - 1) + 16 + 2, '16 of one type, and the others')
      t.throws(() => it.in(it.marked([Buffer.concat([pps, Buffer.alloc(5_000, 1)])], 4)), { code: 'BAD_RTP', message: /parameter set of more than 4096 bytes/ })
      t.doesNotThrow(() => camera(kind, { parameterSets: [bytes(), bytes(0), Buffer.concat([pps, Buffer.alloc(5_000)])] }))
    })
  })

  t.test(`an ${kind.codec} stream`, async t => {
    t.test('starts at its first key picture', async t => {
      const it = camera(kind, { parameterSets: [...sets] })
      t.same(it.in(it.marked([keyRest(1)], 0), it.marked([slice(1)], 1), 'lost', it.marked([sliceRest(2)], 2)), [])
      t.same(it.in(it.marked([key(3)], 3)), [it.keyPicture(3, ...sets, key(3))])
      t.equal(it.depacketizer.damaged, 0)
    })
    t.test('drops the picture that lacks a packet, and only that one', async t => {
      const it = camera(kind)
      it.in(it.marked([...sets, key(1)], 0))
      const fragments = it.marked([slice(2, 100)], 10, 50)
      for (let at = 0; at < fragments.length; at++) {
        const before = it.dropped
        const isLast = at === fragments.length - 1
        t.same(it.in(fragments.map((packet, index) => index === at ? 'lost' : packet), it.marked([slice(3)], 20 + at)), [it.picture(20 + at, slice(3))])
        t.equal(it.dropped, before + 1, isLast ? 'its last one' : `packet ${at}`)
      }
      const before = it.dropped
      t.same(it.in('lost', it.marked([sei, slice(4)], 40)), [it.picture(40, sei, slice(4))], 'after a gap between pictures')
      t.equal(it.dropped, before)
      t.same(it.in('lost', it.marked([sliceRest(5)], 50)), [], 'without its first slice')
      t.same(it.in(it.unmarked([slice(6)], 60), 'lost', it.marked([sliceRest(7)], 70)), [], 'each of the two lacks a part')
      t.same(it.in(it.marked([sliceRest(8)], 80)), [it.picture(80, sliceRest(8))], 'odd, but nothing was lost')
      t.equal(it.dropped, before + 3)
      t.same(it.in(it.unmarked([slice(9)], 90), 'lost', it.marked([slice(10)], 90)), [it.picture(90, slice(10))])
      t.equal(it.dropped, before + 4)
      t.same(it.in(it.unmarked([sei], 100), 'lost', dropped.slice(1).map(nal => packet(nal, 100)), it.marked([slice(11)], 100)), [it.picture(100, slice(11))])
      t.equal(it.dropped, before + 4)
    })
    t.test('continues after the end of a lost picture', async t => {
      const it = camera(kind)
      it.in(it.marked([...sets, key(1)], 0))
      const trailing = kind.codec === 'h264' ? bytes(0x0a) : bytes(0x50, 1, 5, 1, 7, 0x80) // end of sequence, suffix SEI
      t.same(it.in('lost', packet(trailing, 10), it.marked([slice(2)], 20)), [it.picture(20, slice(2))])
    })
    t.test('is limited per picture, not as a whole', async t => {
      const it = camera(kind)
      it.in(it.marked([...sets, key(1)], 0), it.unmarked([slice(1)], 1), 'lost', packet(sliceRest(2), 1))
      for (let n = 0; n < 2_100; n++) it.in(packet(sliceRest(2), 1))
      for (let n = 2; n < 2_100; n++) it.in(it.marked([slice(n)], n))
      t.equal(it.dropped, 1)
    })
    t.test('drops the picture with a malformed packet', async t => {
      const it = camera(kind, { parameterSets: [...sets] })
      it.in(it.marked([key(1)], 0))
      const cut = kind.aggregate(sliceRest(1))
      for (const payload of [...kind.malformed, cut.subarray(0, -1), cut.subarray(0, kind.aggregate().length + 1)]) {
        const before = it.dropped
        t.same(it.in(it.unmarked([slice(2)], 10), packet(payload, 10), it.marked([sliceRest(2)], 10)), [], payload.toString('hex'))
        t.equal(it.dropped, before + 1)
      }
      t.same(it.in(it.unmarked([slice(3)], 20), packet(bytes(), 20, true)), [it.picture(20, slice(3))], 'an empty one does no harm')
    })
  })

  t.test(`an ${kind.codec} camera cannot make us store`, async t => {
    const endless = (it: ReturnType<typeof camera>, next: () => Sent[]) => {
      let taken = 0
      try {
        for (; taken < 3 * MAX_PICTURE_BYTES;) for (const sent of next()) taken += it.in(sent).length + (sent === 'lost' ? 0 : sent.payload.length)
      } catch (error) {
        return { taken, error }
      }
      return { taken }
    }
    t.test('an endless picture', async t => {
      const it = camera(kind)
      const [start, more] = it.unmarked([slice(1, 200_000)], 0, 60_000) as [Sent, Sent]
      it.in(start)
      const { taken, error } = endless(it, () => [more])
      t.match(error, { code: 'BAD_RTP', message: 'a picture of more than 8388608 bytes' })
      t.ok(taken > MAX_PICTURE_BYTES - 120_000 && taken <= MAX_PICTURE_BYTES)
    })
    t.test('endless NAL units, in a picture or in front of one', async t => {
      for (const nal of [sei, sliceRest(2)]) {
        const it = camera(kind)
        let timestamp = 0
        it.in(it.unmarked([slice(1)], 0))
        const next = () => [packet(nal, nal === sei ? timestamp++ : 0, true)].map(packet => ({ ...packet, marker: nal === sei }))
        const { taken, error } = endless(it, next)
        t.match(error, { code: 'BAD_RTP', message: 'a picture of more than 2048 NAL units' })
        t.ok(taken < 2_100 * nal.length)
      }
    })
  })

  t.test(`every picture of an undamaged ${kind.codec} stream comes out with any packetization`, async () => {
    const size = fc.integer({ min: 0, max: 300 })
    const picture = fc.record({ key: fc.boolean(), withSets: fc.boolean(), withSei: fc.boolean(), delimited: fc.boolean(), sizes: fc.array(size, { minLength: 1, maxLength: 4 }) })
    const stream = fc.record({ pictures: fc.array(picture, { minLength: 1, maxLength: 8 }), maxBytes: fc.integer({ min: 10, max: 400 }), marks: fc.boolean() })
    fc.assert(fc.property(stream, ({ pictures, maxBytes, marks }) => {
      const it = camera(kind)
      const all = [{ key: true, withSets: true, withSei: false, delimited: true, sizes: [3] }, ...pictures]
      const sent = all.map(({ key: isKey, withSets, withSei, sizes }, n) => ({
        isKey,
        withSets: isKey && withSets,
        nals: [
          ...isKey && withSets ? sets : [], ...withSei ? [sei] : [],
          ...sizes.map((size, index) => (isKey ? index === 0 ? key : keyRest : index === 0 ? slice : sliceRest)(n, size))
        ]
      }))
      const packets = sent.flatMap(({ nals }, n) => {
        const delimited = all[n]!.delimited ? [dropped[0], ...nals, dropped[1]] : nals
        return marks ? it.marked(delimited, n, maxBytes) : it.unmarked(delimited, n, maxBytes)
      })
      const expected = sent.map(({ isKey, withSets, nals }, n) =>
        isKey ? it.keyPicture(n, ...withSets ? [] : sets, ...nals) : it.picture(n, ...nals))
      assert.deepEqual(it.in(packets, packet(delimiter, 1_000)), expected)
      assert.equal(it.depacketizer.damaged, 0)
    }), { numRuns: 150 })
  })

  t.test(`an ${kind.codec} depacketizer accepts anything`, async t => {
    const odd = fc.uint8Array({ maxLength: 60 }).map(values => Buffer.from(values))
    const nal = fc.constantFrom(...sets, ...otherSets, ...dropped, sei, key(1), keyRest(1, 80), slice(2, 40), sliceRest(2))
    const valid = fc.tuple(fc.array(nal, { minLength: 1, maxLength: 4 }), fc.nat(2), fc.integer({ min: 4, max: 60 }))
      .map(([nals, timestamp, maxBytes]) => packetsOf(kind.codec, nals, timestamp, maxBytes))
    const corrupted = fc.tuple(valid, fc.nat(20), fc.nat(60)).map(([packets, at, length]) =>
      packets.map((packet, index) => index === at % packets.length ? { ...packet, payload: packet.payload.subarray(0, length) } : packet))
    const any = fc.tuple(odd, fc.nat(2), fc.boolean()).map(([payload, timestamp, marker]) => [packet(payload, timestamp, marker)])
    const shuffled = fc.array(fc.oneof(valid, corrupted, any, fc.constant<Sent[]>(['lost'])), { maxLength: 12 })
      .chain(parts => fc.tuple(fc.constant(parts.flat()), fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 5 })))
    let pictures = 0
    fc.assert(fc.property(shuffled, ([sent, moves]) => {
      for (const [from, to] of moves) if (sent.length > 0) sent.splice(to % sent.length, 0, sent[from % sent.length]!)
      const depacketizer = depacketizerOf(trackOf(kind.codec, { parameterSets: [...sets] }))
      try {
        for (const { bytes } of receive(depacketizer, sent)) {
          pictures++
          assert.ok(bytes.subarray(-delimiter.length).equals(delimiter))
        }
      } catch (error) {
        if (!(error instanceof CamgateError) || error.code !== 'BAD_RTP') throw error
      }
    }), { numRuns: 500 })
    t.ok(pictures > 100, 'and makes pictures from some of it')
  })
}

t.test('a key picture has the format of the parameter sets that it uses, also when they change in mid-stream', async t => {
  const [{ sets: [, pps], key, slice }] = codecs
  const [hd, small] = ['674d4028eca03c0113f2e022000003000200000300281e30632c', '6764000cacd94141fb011000000300100000030140f1429960'].map(hex => Buffer.from(hex, 'hex'))
  const sent = [[hd!, pps, key(1)], [slice(2)], [key(3)], [small!, key(4)]].flatMap((nals, i) => packetsOf('h264', nals, i))
  const formats = receive(depacketizerOf(trackOf('h264')), sent).map(picture => (picture as CodedVideo).format)
  t.match(formats, [{ profile: 'Main', width: 1920, height: 1080, depth: 8 }, undefined, {}, { profile: 'High', width: 320, height: 240, depth: 8 }])
  t.equal(formats[2], formats[0], 'the same object, as nothing changed')
})

t.test('an H.264 picture to start with', async t => {
  const [h264] = codecs
  const { sets, slice, key } = h264
  t.test('may have a recovery point, or a sequence parameter set, instead of an IDR', async t => {
    const it = camera(h264, { parameterSets: [...sets] })
    const recovery = bytes(0x06, 0xff, 0x01, 0x03, 0, 0, 3, 0, 0x06, 0x01, 0xc4, 0x80)
    t.same(it.in(it.marked([h264.sei, slice(1)], 0)), [])
    t.same(it.in(it.marked([recovery, slice(1)], 1)), [it.keyPicture(1, ...sets, recovery, slice(1))])
    t.same(it.in(it.marked([slice(2)], 2)), [it.picture(2, slice(2))])
    t.same(it.in(it.marked([...sets, slice(3)], 3)), [it.keyPicture(3, ...sets, slice(3))])
  })
  t.test('is not found in interleaved mode, and the error gives the reason', async t => {
    for (const type of [25, 26, 27, 29]) {
      const packets = Array.from({ length: 33 }, (_, n) => packet(bytes(0x60 | type, 0, 0, 1), n))
      t.throws(() => camera(h264).in(packets), { code: 'BAD_RTP', message: /H\.264 in interleaved mode/ })
    }
  })
  t.test('continues when a scalable stream has a prefix in front of each slice', async t => {
    const it = camera(h264)
    const prefix = bytes(0x6e, 0x80, 0x80, 7)
    const nals = [...sets, prefix, key(1), prefix, h264.keyRest(2)]
    t.same(it.in(it.marked(nals, 0)), [it.keyPicture(0, ...nals)])
  })
})

t.test('pictures do not change when others arrive', async t => {
  const [h264] = codecs
  const it = camera(h264)
  const sent = Array.from({ length: 60 }, (_, n) => it.marked([...h264.sets, h264.key(n, n * 700)], n))
  const pictures = sent.flatMap(packets => receive(it.depacketizer, packets))
  t.same(pictures.map(({ bytes }) => bytes.toString('hex')),
    pictures.map((_, n) => annexB(...h264.sets, h264.key(n, n * 700), h264.delimiter).toString('hex')))
})

/** ue(v), as bits. */
function ue (value: number): string {
  const code = (value + 1).toString(2)
  return '0'.repeat(code.length - 1) + code
}

function packBits (...bits: string[]): Buffer {
  const all = bits.join('')
  return Buffer.from(all.padEnd(8 * Math.ceil(all.length / 8), '0').match(/.{8}/g)!.map(byte => parseInt(byte, 2)))
}
