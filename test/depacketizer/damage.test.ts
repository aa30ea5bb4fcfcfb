import t from 'tap'
import { depacketizerOf } from '../../src/depacketizer/depacketizer-of.js'
import { packetsOf, receive, trackOf, type Sent } from './received.js'

const bytes = (...values: number[]) => Buffer.from(values)
/** Three packets of 40 bytes. */
const rest = Buffer.alloc(100, 0x55)
const ofThree = (...head: number[]) => Buffer.concat([bytes(...head), rest])
/** `top` sub-layers above the first one; profiles and levels, without those of the sub-layers, come before its id of 0. */
const h265Sps = (top: number) => bytes(0x42, 1, top << 1 | 1, ...Array<number>(12).fill(0x11), ...top > 0 ? [0, 0] : [], 0x80)

const codecs = [
  {
    codec: 'h264',
    sets: [bytes(0x67, 66, 0, 30, 0x80, 1), bytes(0x68, 0x50, 1)],
    key: ofThree(0x65, 0x88), // with the next byte: slice_type 7, picture parameter set 1
    referred: ofThree(0x41, 0x99),
    disposable: ofThree(0x01, 0x99),
    disposableRest: ofThree(0x01, 0x42),
    /** Recovery after this many pictures: 0 to 6. */
    recovery: (count: number) => bytes(0x06, 6, 1, [0xc4, 0x54, 0x74, 0x22, 0x2a, 0x32, 0x3a][count]!, 0x80)
  },
  {
    codec: 'h265',
    sets: [bytes(0x40, 1, 0x0c, 1), h265Sps(0), bytes(0x44, 1, 0xc0, 1)],
    key: ofThree(0x26, 1, 0xa0),
    referred: ofThree(0x02, 1, 0x80),
    disposable: ofThree(0x00, 1, 0x80),
    disposableRest: ofThree(0x00, 1, 0x40),
    recovery: (count: number) => bytes(0x4e, 1, 6, 1, [0xe0, 0x50, 0x20, 0x30, 0x10, 0x14, 0x18][count]!, 0x80)
  }
] as const

for (const { codec, sets, key, referred, disposable, disposableRest, recovery } of codecs) {
  /** A camera whose timestamps count its pictures from 10 on; a picture is its NAL units. */
  const camera = () => {
    const depacketizer = depacketizerOf(trackOf(codec))
    let time = 0
    const packets = (...nals: readonly Buffer[]) => {
      time += 10
      return packetsOf(codec, nals, time, 40)
    }
    /** The timestamps of the output pictures, with "!" after damaged ones. */
    const see = (...sent: ReadonlyArray<Sent | readonly Sent[]>) =>
      receive(depacketizer, sent.flat() as Sent[]).map(({ rtpTime, damaged }) => `${rtpTime}${damaged ? '!' : ''}`).join(' ')
    const without = (packets: Sent[], ...lost: number[]) => packets.map((packet, index) => lost.includes(index) ? 'lost' as const : packet)
    return { packets, see, without, at: (to: number) => { time = to - 10 }, get count () { return depacketizer.damaged } }
  }
  const begun = () => {
    const it = camera()
    t.equal(it.see(it.packets(...sets, key), it.packets(referred)), '10 20')
    return it
  }

  t.test(`after a loss the pictures of an ${codec} camera`, async t => {
    t.test('are damaged up to the next key picture after the loss of any part of a picture', async t => {
      for (const lost of [[0], [1], [2], [0, 1], [1, 2], [0, 1, 2]]) {
        const it = begun()
        const picture = it.without(it.packets(referred), ...lost)
        t.equal(it.see(picture, it.packets(referred), it.packets(disposable), it.packets(referred)), '40! 50! 60!', `packets ${lost}`)
        t.equal(it.see(it.packets(...sets, key), it.packets(referred)), '70 80')
        t.equal(it.count, lost.length === 3 ? 3 : 4, 'a picture that was lost whole is unknown')
      }
    })
    t.test('are clean if the loss was certainly within a picture that no other refers to', async t => {
      for (const lost of [[0], [1], [2]]) {
        const it = begun()
        t.equal(it.see(it.without(it.packets(disposable), ...lost), it.packets(referred)), '40', `packets ${lost}`)
        t.equal(it.count, 1)
      }
      const several = begun()
      t.equal(several.see(several.without(several.packets(disposable, disposableRest), 1, 2, 3, 4), several.packets(referred)), '40', 'the same timestamp before and after')
    })
    t.test('are damaged if others may have been lost with such a picture', async t => {
      const last = begun()
      t.equal(last.see(last.without(last.packets(disposable), 1, 2), last.packets(referred)), '40!', 'its end, and perhaps all of the next')
      const first = begun()
      t.equal(first.see(first.without(first.packets(disposable), 0, 1), first.packets(referred)), '40!', 'its beginning, and perhaps all of the one before')
      const whole = begun()
      t.equal(whole.see('lost', whole.packets(referred)), '30!', 'a whole one of a single packet')
      const unmarked = camera()
      const bare = (...nals: readonly Buffer[]) => unmarked.packets(...nals).map(packet => ({ ...packet, marker: false }))
      t.equal(unmarked.see(bare(...sets, key), bare(referred), bare(disposable.subarray(0, 20))), '10 20')
      t.equal(unmarked.see('lost', bare(referred), bare(referred)), '40!', 'it may have been complete, since nothing marks its end')
    })
    t.test('are damaged until a recovery point is complete', async t => {
      const it = begun()
      it.see('lost')
      t.equal(it.see('lost', it.packets(recovery(3), referred), it.packets(referred), it.packets(disposable), it.packets(referred), it.packets(referred), it.packets(referred)),
        '30! 40! 50! 60! 70 80')
      t.equal(it.count, 4)
      t.equal(it.see('lost', it.packets(recovery(0), referred), it.packets(referred)), '90 100')
      t.equal(it.see('lost', it.packets(referred), it.packets(recovery(2), referred), it.packets(referred), 'lost', it.packets(referred), it.packets(referred)),
        '110! 120! 130! 140! 150!', 'another loss before it is')
      t.equal(it.see(it.packets(recovery(5), referred), it.packets(recovery(1), referred), it.packets(recovery(5), referred)), '160! 170! 180', 'the first to be complete counts')
    })
    t.test('are also damaged if they are shown before the picture that ends the damage', async t => {
      const it = begun()
      t.equal(it.see('lost', it.packets(referred)), '30!')
      it.at(100)
      t.equal(it.see(it.packets(recovery(0), referred)), '100')
      it.at(80)
      t.equal(it.see(it.packets(referred), it.packets(disposable)), '80! 90!')
      it.at(110)
      t.equal(it.see(it.packets(referred)), '110')
      it.at(105)
      t.equal(it.see(it.packets(disposable)), '105')
    })
    t.test('count the frames of two fields once', async t => {
      const it = begun()
      it.see('lost', it.packets(recovery(2), referred))
      const field = () => {
        it.at(40)
        return it.packets(referred)
      }
      t.equal(it.see(field(), field(), it.packets(referred)), '40! 40! 50')
    })
  })

  t.test(`an ${codec} stream without a loss has no damage, with any first picture`, async t => {
    const it = camera()
    t.equal(it.see(it.packets(referred), 'lost', it.packets(referred), it.packets(...sets, key), it.packets(disposable), it.packets(referred)), '30 40 50')
    t.equal(it.count, 0)
  })
}

t.test('an H.264 camera', async t => {
  const [{ sets, referred, recovery }] = codecs
  const pictures = (...pictures: Buffer[][]) => {
    const depacketizer = depacketizerOf(trackOf('h264', { parameterSets: [...sets] }))
    return receive(depacketizer, pictures.flatMap((nals, index) => packetsOf('h264', nals, index))).map(({ damaged }) => damaged)
  }
  t.test('that begins within a periodic intra refresh is damaged until it is complete', async t => {
    t.same(pictures([recovery(2), referred], [referred], [referred], [referred]), [true, true, false, false])
  })
  t.test('may have intra pictures after parameter sets instead of key pictures', async t => {
    const intra = [ofThree(0x41, 0x88), ofThree(0x41, 0x42, 0x15)]
    t.same(pictures([...sets, ...intra], [referred]), [false, false])
    t.same(pictures([...sets, intra[0]!, ofThree(0x41, 0x46)], [...sets, referred], [...sets, ...intra]), [true, true, false], 'parameter sets alone make none')
  })
})

t.test('an H.265 picture', async t => {
  const [, { key, referred }] = codecs
  const layered = (top: number) => [bytes(0x40, 1, 0x0c, 1), h265Sps(top), bytes(0x44, 1, 0xc0, 1)]
  /** Whether the picture after this one is damaged when a part of this one is lost. */
  const damages = (top: number, ...head: number[]) => {
    const [first, ...others] = packetsOf('h265', [ofThree(...head, 0x80)], 2, 40)
    const sent: Sent[] = [...packetsOf('h265', [...layered(top), key], 1, 40), first!, 'lost', ...others.slice(1), ...packetsOf('h265', [referred], 3, 40)]
    return receive(depacketizerOf(trackOf('h265')), sent).at(-1)!.damaged
  }
  t.test('that its own sub-layer does not refer to may be referred to by a higher one', async t => {
    t.notOk(damages(0, 0x00, 1))
    t.ok(damages(2, 0x00, 1))
    t.ok(damages(2, 0x00, 2))
    t.notOk(damages(2, 0x00, 3))
    t.notOk(damages(0, 0x10, 1), 'RASL_N')
    t.ok(damages(0, 0x12, 1), 'RASL_R')
  })
  t.test('that leads a CRA picture depends on earlier ones; one that leads an IDR picture does not', async t => {
    for (const [head, leaning] of [[0x2a, true], [0x28, false]] as const) {
      const sent: Sent[] = [
        ...packetsOf('h265', [...layered(0), key], 1), 'lost', ...packetsOf('h265', [referred], 20),
        ...[[head, 50], [0x0c, 30], [0x02, 60]].flatMap(([type, time]) => packetsOf('h265', [ofThree(type!, 1, 0xa0)], time!))
      ]
      t.same(receive(depacketizerOf(trackOf('h265')), sent).slice(1).map(({ damaged }) => damaged), [true, false, leaning, false])
    }
  })
})
