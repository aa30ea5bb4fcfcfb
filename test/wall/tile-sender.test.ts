import t from 'tap'
import type { Source, SourceConfig, Take, TilePicture } from '../../src/wall/source.js'
import { TileSender } from '../../src/wall/tile-sender.js'
import type { ServerMessage } from '../../src/wire/messages.js'
import { readHeader } from '../../src/wire/picture-header.js'
import { FakeClock } from '../fake-clock.js'

const config: SourceConfig = { kind: 'h264', codec: 'avc1.42c01e', width: 64, height: 48, reorders: false, from: { kind: 'main' } }
const picture = (seq: number, more: Partial<TilePicture> = {}): TilePicture => ({ kind: 'h264', key: seq === 1, seq, at: 0, bytes: Buffer.from(`${seq}`), config, ...more })

function open () {
  const clock = new FakeClock()
  const told: ServerMessage[] = []
  const events: string[] = []
  const sender = new TileSender({ id: 5, clock, send: message => told.push(message), wait: () => { events.push('waits') } })
  let take: Take = () => {}
  const source = { dropped: 0, shownAgeMs: 0, best: (held: TilePicture): TilePicture | undefined => held, skip () { events.push('skips') }, shown (ms: number) { source.shownAgeMs = ms }, end () { events.push('ends') } }
  const follow = (first?: TilePicture) => sender.follow(given => {
    take = given
    if (first) take(first, () => { events.push('sent first') })
    return source satisfies Source
  })
  const send = () => {
    const bytes = sender.ready(clock.now())
    if (!bytes) return undefined
    const header = sender.begin(clock.now())
    sender.sent()
    return { ...readHeader(new DataView(header.buffer, header.byteOffset, header.length))!, bytes: String(bytes) }
  }
  return { clock, told, events, sender, source, follow, send, take: (given: TilePicture) => take(given, () => { events.push(`sent ${given.seq}`) }) }
}

t.test('the sender of a tile', async t => {
  t.test('waits with what its source offers at once, when it has the source', async t => {
    const { events, follow, send, sender, clock } = open()
    clock.advance(7)
    follow(picture(1))
    t.same(events, ['waits'])
    t.match(send(), { tile: 5, epoch: 1, seq: 1, key: true, bytes: '1', discontinuity: false, wall: Date.UTC(2026, 0, 1) })
    t.same(events, ['waits', 'sent first'])
    t.equal(sender.servedAt, 7)
    t.equal(send(), undefined, 'once')
  })

  t.test('tells what the pictures are before the first of them, and gives each config a number', async t => {
    const { told, follow, send, take } = open()
    follow(picture(1))
    send()
    take(picture(2))
    t.match(send(), { epoch: 1, discontinuity: false })
    take(picture(9, { config: { ...config, width: 640 } }))
    t.match(send(), { epoch: 2, discontinuity: false }, 'nothing is missing in front of the first one')
    take(picture(11, { config: { ...config, width: 640 } }))
    send()
    t.match(told, [{ op: 'config', id: 5, epoch: 1, width: 64 }, { epoch: 2, width: 640 }, { epoch: 3 }])
  })

  t.test('marks a gap', async t => {
    const { follow, send, take } = open()
    follow(picture(1))
    send()
    take(picture(3))
    t.match(send(), { seq: 3, discontinuity: true })
    take(picture(2 ** 32 + 4))
    t.match(send(), { seq: 4 }, 'numbers wrap')
  })

  t.test('sends a status frame before what it holds, which the source then skips', async t => {
    const { events, told, follow, send, sender } = open()
    follow(picture(1))
    sender.show(picture(0, { config: undefined, kind: 'jpeg', bytes: Buffer.from('words') }))
    t.same(events, ['waits', 'skips', 'waits'])
    t.match(send(), { statusFrame: true, kind: 'jpeg', epoch: 0, bytes: 'words' })
    t.same(told, [], 'it needs no config')
    t.notOk(events.includes('sent first'))
  })

  t.test('asks its source whether another picture is better, or none', async t => {
    const { clock, events, told, follow, send, source, take } = open()
    follow(picture(1))
    source.best = () => picture(4)
    t.match(send(), { seq: 4 })
    source.best = () => undefined
    source.dropped = 3
    take(picture(5))
    t.equal(send(), undefined)
    t.match(told.at(-1), { op: 'drop', id: 5, pictures: 3 })
    t.notOk(events.includes('sent 5'))
    source.best = held => held
    source.dropped = 4
    take(picture(6))
    send()
    t.equal(told.filter(({ op }) => op === 'drop').length, 1, 'not more than once a second')
    clock.advance(1_000)
    take(picture(7))
    send()
    t.match(told.at(-1), { op: 'drop', pictures: 1 })
  })

  t.test('leaves its source with what that had', async t => {
    const { events, told, sender, follow, send, source, clock } = open()
    follow(picture(1))
    send()
    source.dropped = 2
    clock.advance(1_000)
    sender.follow(undefined)
    t.equal(send(), undefined)
    t.match(events, ['waits', 'sent first', 'ends'])
    source.dropped = 0
    follow(picture(1))
    send()
    t.match(told.at(-1), { op: 'drop', pictures: 2 }, 'and what it skipped counts')
    t.equal(sender.dropped, 2)
    sender.shown(55)
    t.equal(source.shownAgeMs, 55)
  })
})
