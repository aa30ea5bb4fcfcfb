import t from 'tap'
import { CodedHub } from '../../src/coded/coded-hub.js'
import type { PublishedPicture } from '../../src/coded/published-picture.js'
import type { CodedVideo, PictureFormat } from '../../src/codec/coded-picture.js'
import { jpegTrack } from '../../src/codec/track.js'
import { FakeClock } from '../fake-clock.js'
import { coded, track } from './pictures.js'

const HD: PictureFormat = { profile: 'High', width: 1920, height: 1080, depth: 8 }
const turn = () => new Promise(resolve => setImmediate(resolve))

/** A decoder that accepts each picture at once, or none until it is drained. */
class Decoder {
  seen: number[] = []
  isBusy = false
  #done = () => {}
  write ({ seq }: PublishedPicture, done: () => void) {
    this.seen.push(seq)
    this.#done = done
    if (!this.isBusy) done()
  }

  end () {}
  drain () {
    this.isBusy = false
    this.#done()
  }
}

/** A hub with a camera that sends 25 pictures a second. */
function camera () {
  const clock = new FakeClock()
  const hub = new CodedHub(clock)
  hub.begin(track)
  const publish = (picture: Partial<CodedVideo> = {}) => {
    clock.advance(40)
    hub.publish(coded({ at: clock.now(), ...picture }))
  }
  /** K is a key picture, p is another one. */
  const send = (script: string) => { for (const sign of script) publish({ key: sign === 'K' }) }
  const join = (isBusy = false) => {
    const decoder = Object.assign(new Decoder(), { isBusy })
    return Object.assign(decoder, { subscriber: hub.subscribe(decoder) })
  }
  /** A decoder that does this while it is given picture 1. Returns the numbers of the pictures that it is given. */
  const joinDuring = (act: () => void) => {
    const seen: number[] = []
    hub.subscribe({
      write ({ seq }, done) {
        seen.push(seq)
        if (seq === 1) act()
        done()
      },
      end () {}
    })
    return seen
  }
  return { clock, hub, publish, send, join, joinDuring }
}

t.test('a hub of coded pictures', async t => {
  t.test('gives each picture to each subscriber, with the bytes as they are', async t => {
    const { hub, send, publish } = camera()
    const seen: PublishedPicture[] = []
    for (let i = 0; i < 2; i++) hub.subscribe({ write (picture, done) { seen.push(picture); done() }, end () {} })
    send('Kp')
    const bytes = Buffer.from('slice')
    publish({ bytes, damaged: true })
    t.same(seen.map(({ seq }) => seq), [1, 1, 2, 2, 3, 3])
    t.equal(seen[4]!.bytes, bytes)
    t.match(seen[5], { codec: 'h264', at: 120, key: false, damaged: true, live: true })
  })
  t.test('gives the group to a subscriber that joins in the middle of it, then goes on without a gap', async t => {
    const { hub, send, join } = camera()
    send('KppKpp')
    const decoder = join()
    t.same(decoder.seen, [4, 5, 6], 'before `subscribe` returns')
    send('pK')
    t.same(decoder.seen, [4, 5, 6, 7, 8])
    t.equal(hub.report().dropped, 0, 'what came before its group was never meant for it')
  })
  t.test('gives pictures that come while the group is being sent once, and in order', async t => {
    const { hub, send, joinDuring } = camera()
    send('Kpp')
    const seen = joinDuring(() => send('pp'))
    t.same(seen, [1, 2, 3, 4, 5])
    t.equal(hub.report().dropped, 0)
  })
  t.test('begins with a key picture if there is no group', async t => {
    const { hub, send, join } = camera()
    const early = join()
    send('pp')
    const late = join()
    send('pKp')
    t.same([early.seen, late.seen], [[4, 5], [4, 5]])
    t.equal(hub.report().dropped, 0)
  })
  t.test('lets a slow subscriber skip to the next key picture, and slows no other', async t => {
    const { hub, send, join } = camera()
    const [slow, fast] = [join(true), join()]
    send('KppKp')
    t.same([slow.seen, fast.seen], [[1], [1, 2, 3, 4, 5]])
    slow.drain()
    t.same(slow.seen, [1, 4, 5])
    t.same([slow.subscriber.dropped, hub.report().dropped, hub.report().subscribers], [2, 2, 2])
  })
  t.test('sends a group to a subscriber that joins busy as soon as it is not', async t => {
    const { send, join } = camera()
    send('Kpp')
    const slow = join(true)
    send('pp')
    t.same(slow.seen, [1])
    slow.drain()
    t.same([slow.seen, slow.subscriber.dropped], [[1, 2, 3, 4, 5], 0])
  })
  t.test('does not overflow the stack when a long group is accepted at once', async t => {
    const { hub, publish, join } = camera()
    publish({ key: true, at: 0 })
    for (let i = 0; i < 12_000; i++) publish({ at: i })
    const decoder = join(true)
    decoder.drain()
    t.equal(decoder.seen.length, 12_001)
    t.equal(hub.report().dropped, 0)
  })
  t.test('gives every picture to the subscribers whose turn comes only after the next picture', async t => {
    const { hub, send, join } = camera()
    const decoders = Array.from({ length: 150 }, () => join())
    send('Kp')
    const late = join()
    send('pp')
    for (let i = 0; i < 3; i++) await turn()
    t.same(decoders.filter(({ seen }) => seen.join() !== '1,2,3,4'), [])
    t.same(late.seen, [1, 2, 3, 4], 'also to one that joins in the middle of a round')
    t.equal(hub.report().dropped, 0)
  })
  t.test('sends nothing more to a subscriber that ends while it is given the group', async t => {
    const { hub, send } = camera()
    send('Kpp')
    let leave = () => {}
    const seen: number[] = []
    hub.subscribe({
      write ({ seq }, done) {
        seen.push(seq)
        leave()
        done()
      },
      end () {},
      onGone (listener) { leave = () => listener('left') }
    })
    send('pK')
    t.same([seen, hub.report().subscribers], [[1], 0])
  })
  t.test('keeps no group over the limit, but goes on for subscribers that have it', async t => {
    const { hub, clock, send, join } = camera()
    const early = join()
    send('K')
    clock.advance(12_000)
    send('p')
    t.match(hub.report(), { group: null, groupExceeded: 'time' })
    const late = join()
    send('pK')
    t.same([early.seen, late.seen], [[1, 2, 3, 4], [4]])
    t.same(hub.report().dropped, 0)
    t.match(hub.report(), { group: { pictures: 1 }, groupExceeded: undefined })
  })
  t.test('re-encodes JPEGs from the newest one', async t => {
    const { hub, join } = camera()
    hub.begin(jpegTrack)
    const jpeg = { codec: 'mjpeg', at: 0, rtpTime: undefined, key: true, damaged: false, bytes: Buffer.alloc(10), width: 640, height: 360 } as const
    const slow = join(true)
    for (let i = 0; i < 4; i++) hub.publish(jpeg)
    t.match(hub.report(), { group: { pictures: 1, bytes: 10, durationMs: 0 } })
    t.same(join().seen, [4])
    slow.drain()
    t.same([slow.seen, slow.subscriber.dropped], [[1, 4], 2])
  })

  t.test('drops what waits when an attempt ends or another begins, and goes on with its first key picture', async t => {
    for (const change of ['begin', 'end'] as const) {
      const { hub, send, join } = camera()
      const slow = join(true)
      const fast = join()
      send('Kpp')
      if (change === 'end') {
        hub.end()
        t.equal(hub.track, undefined)
        send('K')
        t.same([hub.hasPictures, hub.report().group], [false, null], 'a late picture is ignored')
      }
      hub.begin(track)
      t.same(join().seen, [], 'a new subscriber gets nothing old')
      slow.drain()
      t.same(slow.seen, [1], change)
      send('pKp')
      t.same([slow.seen, fast.seen], [[1, 5, 6], [1, 2, 3, 5, 6]])
      t.equal(slow.subscriber.dropped, 3, 'two waited, and one came before the key picture')
    }
  })
  t.test('drops what waits of the group also for a subscriber that is just being given it', async t => {
    const { hub, send, joinDuring } = camera()
    send('Kpp')
    const seen = joinDuring(() => hub.begin(track))
    send('K')
    t.same(seen, [1, 4])
  })

  t.test('has the format of the track until a key picture has another', async t => {
    const { hub, publish } = camera()
    const changes: unknown[] = []
    hub.on('format', (format, before) => changes.push([format, before]))
    t.equal(hub.format, undefined)
    publish({ key: true })
    t.same([hub.format, hub.hasPictures], [undefined, true], 'parameter sets that cannot be read')
    publish({ key: true, format: HD })
    t.equal(hub.format, HD, 'known in band only')
    publish()
    publish({ key: true, format: { ...HD } })
    publish({ key: true })
    t.same(hub.format, HD)
    const main10 = { ...HD, profile: 'Main 10', depth: 10 }
    publish({ key: true, format: main10 })
    t.same(changes, [[HD, undefined], [main10, HD]])
    hub.begin({ ...track, format: HD })
    t.equal(hub.format, HD)
    publish({ key: true, format: main10 })
    t.same(changes[2], [main10, HD], 'the camera announced another')
  })
  t.test('gives subscribers that a change of format makes join only pictures of that format', async t => {
    const { hub, publish, join } = camera()
    publish({ key: true, format: HD })
    publish()
    const decoders: Decoder[] = []
    const first = join()
    hub.on('format', () => {
      first.subscriber.end()
      decoders.push(join())
    })
    for (const width of [1280, 1280, 640]) publish({ key: true, format: { ...HD, width } })
    t.same([first.seen, ...decoders.map(({ seen }) => seen)], [[1, 2], [3, 4, 5], [5]])
  })
  t.test('has the format of a JPEG from its header', async t => {
    const { hub } = camera()
    let changes = 0
    hub.on('format', () => changes++)
    hub.begin(jpegTrack)
    const jpeg = { codec: 'mjpeg', at: 0, rtpTime: undefined, key: true, damaged: false, bytes: Buffer.alloc(10), height: 360 } as const
    for (const width of [640, 640, 480]) hub.publish({ ...jpeg, width })
    t.match(hub.format, { width: 480, height: 360, depth: 8 })
    t.equal(changes, 2)
  })

  t.test('reports the group, the key interval and the age of the newest picture', async t => {
    const { clock, hub, send } = camera()
    t.same(hub.report(), { keyIntervalMs: undefined, group: null, groupExceeded: undefined, pictureAgeMs: undefined, subscribers: 0, dropped: 0 })
    send('KpppKpp')
    clock.advance(15)
    t.match(hub.report(), { keyIntervalMs: 160, group: { pictures: 3, bytes: 300, durationMs: 80 }, pictureAgeMs: 15 })
    hub.begin(track)
    t.match(hub.report(), { keyIntervalMs: undefined, group: null, pictureAgeMs: undefined }, 'of the current attempt')
  })
  t.test('ends its subscriptions when it closes', async t => {
    const { hub } = camera()
    let ended = 0
    hub.subscribe({ write () {}, end () { ended++ } })
    hub.close()
    t.same([ended, hub.report().subscribers], [1, 0])
  })
})
