import t from 'tap'
import { Delivery, type Receiver } from '../../src/notify/delivery.js'
import type { Outcome, Post } from '../../src/notify/post.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'

const receiver: Receiver = { url: 'https://hook.lan/x', key: Buffer.alloc(24, 'k').toString('base64'), credentials: { username: 'ann', password: 'b' } }
const message = { id: 'msg_1', body: '{}' }
const answered = (status: number): Outcome => ({ kind: 'answered', status })
const refusedConnection: Outcome = { kind: 'failed', reason: 'ECONNREFUSED' }

function delivering (answer: (post: Post, signal: AbortSignal) => Outcome | Promise<Outcome>) {
  const clock = new FakeClock()
  const posts: Array<Post & { readonly at: number }> = []
  const lines: string[] = []
  const counts = { delivered: 0, retried: 0, 'given-up': 0 }
  const delivery = new Delivery({
    clock,
    counts,
    random: () => 0.5,
    log: { info: (line: string) => lines.push(`info ${line}`), warn: (line: string) => lines.push(`warn ${line}`) } as never,
    post: async (post, signal) => {
      posts.push({ ...post, at: clock.now() })
      return await answer(post, signal)
    }
  })
  const deliver = (to = receiver) => delivery.deliver(message, () => to, () => 'https://hook.lan (notify[0])')
  /** Moves time on, and lets each attempt end. */
  const pass = async (ms: number, step = 1_000) => {
    await turn()
    for (const end = clock.now() + ms; clock.now() < end;) {
      clock.advance(Math.min(step, end - clock.now()))
      await turn()
    }
  }
  return { clock, posts, lines, counts, delivery, deliver, pass }
}

t.test('a delivery', async t => {
  t.test('posts a signed message', async t => {
    const { posts, deliver, counts, lines } = delivering(() => answered(204))
    t.equal(await deliver(), true)
    t.match(posts, [{ url: receiver.url, credentials: receiver.credentials, body: '{}', headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': '1767225600', 'webhook-signature': /^v1,/ } }])
    t.same([counts, lines], [{ delivered: 1, retried: 0, 'given-up': 0 }, []])
  })

  t.test('tries the same message again, later each time, and logs the beginning and the end', async t => {
    const { posts, deliver, counts, lines, pass } = delivering(() => posts.length < 5 ? refusedConnection : answered(200))
    const delivered = deliver()
    await pass(60_000, 100)
    t.equal(await delivered, true)
    const [first, ...others] = posts
    t.same(others.map(({ at }, index) => at - (others[index - 1] ?? first!).at), [1_500, 2_500, 4_500, 8_500])
    t.same([...new Set(posts.map(({ body, headers }) => body + headers['webhook-id']))], ['{}msg_1'])
    t.same(new Set(posts.map(({ headers }) => headers['webhook-signature'])).size, 5, 'with the time of each attempt')
    t.same(counts, { delivered: 1, retried: 4, 'given-up': 0 })
    t.same(lines, ['warn Notifications do not reach https://hook.lan (notify[0]): ECONNREFUSED. camgate goes on trying.', 'info Notifications reach https://hook.lan (notify[0]) again'])
  })

  t.test('begins with short waits again after a success', async t => {
    const { posts, deliver, pass } = delivering(() => posts.length === 4 ? answered(200) : refusedConnection)
    const first = deliver()
    await pass(10_000, 100)
    await first
    void deliver()
    await pass(2_000, 100)
    t.equal(posts[5]!.at - posts[4]!.at, 1_500)
  })

  t.test('does not repeat what is refused', async t => {
    const { posts, deliver, counts, lines } = delivering(() => answered(posts.length < 3 ? 403 : 200))
    for (let i = 0; i < 3; i++) t.equal(await deliver(), true)
    t.equal(posts.length, 3)
    t.same(counts, { delivered: 1, retried: 0, 'given-up': 2 })
    t.same(lines, ['warn https://hook.lan (notify[0]) refuses a notification: it answers with 403. It is not sent again.', 'info Notifications reach https://hook.lan (notify[0]) again'])
  })

  t.test('gives up after an hour, and goes on with long waits', async t => {
    const { posts, deliver, counts, lines, pass } = delivering(() => answered(500))
    const delivered = deliver()
    await pass(3_599_000)
    const tries = posts.length
    t.ok(tries > 20 && tries < 50, `${tries} attempts in an hour`)
    await pass(1_000)
    t.equal(await delivered, false)
    t.same(counts, { delivered: 0, retried: posts.length - 1, 'given-up': 1 })
    t.equal(lines.length, 1)
    void deliver()
    const before = posts.length
    await pass(60_000)
    t.ok(posts.length - before < 3, 'the next message does not begin with short ones')
  })

  t.test('uses the password and the key that are right by then', async t => {
    const { posts, delivery, pass } = delivering(() => answered(posts.length < 2 ? 500 : 200))
    let now = receiver
    const delivered = delivery.deliver(message, () => now, () => '')
    now = { ...receiver, credentials: { username: 'ann', password: 'new' } }
    await pass(5_000)
    await delivered
    t.same(posts.map(({ credentials }) => credentials?.password), ['b', 'new'])
  })

  t.test('ends its wait at once when it is closed', async t => {
    const { posts, delivery, deliver, clock } = delivering(() => answered(500))
    const delivered = deliver()
    await turn()
    delivery.close(500)
    t.equal(await delivered, false)
    t.equal(posts.length, 1)
    clock.advance(500)
    t.equal(clock.pending, 0)
  })

  t.test('gives an attempt a moment when it is closed', async t => {
    const { delivery, deliver, clock } = delivering((_post, signal) => new Promise(resolve => { signal.addEventListener('abort', () => resolve(refusedConnection)) }))
    let isDone = false
    const delivered = deliver().finally(() => { isDone = true })
    delivery.close(500)
    clock.advance(499)
    await turn()
    t.equal(isDone, false)
    clock.advance(1)
    t.equal(await delivered, false)
  })
})
