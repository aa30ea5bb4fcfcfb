import t from 'tap'
import type { AttemptEnd, AttemptEvents } from '../../src/capture/attempt.js'
import { AuthMemories } from '../../src/capture/readers.js'
import { Authorizer } from '../../src/http-auth/authorizer.js'
import { camera } from '../played.js'

const basic = ['Basic realm="r"']
const never = new Promise<{ status: number }>(() => {})
const silent = () => never

/** An attempt whose dialogue the test leads. */
function attempt (memories: AuthMemories) {
  let events!: AttemptEvents
  const ends: AttemptEnd[] = []
  const launch = memories.noting((_camera, given) => {
    events = given
    return { complaint: undefined, input: () => null, stop () {} }
  })
  launch(camera, { onPicture () {}, onBroken () {}, onUnchanged () {}, onExit: end => ends.push(end) })
  const authorizer = new Authorizer({ username: 'u', password: 'p' }, memories.optionsFor(camera))
  return { ends, authorizer, end: () => events.onExit({ error: undefined }), answers: (status: number) => authorizer.noting(async () => ({ status })) }
}

t.test('an attempt that ends', async t => {
  t.test('while the camera owes an answer to its login says so, once', async t => {
    const memories = new AuthMemories()
    const first = attempt(memories)
    await first.answers(401)
    t.ok(first.authorizer.challenged(basic))
    void first.authorizer.noting(silent)
    first.end()
    t.strictSame(first.ends, [{ error: undefined, unanswered: true }])
    const second = attempt(memories)
    second.end()
    t.strictSame(second.ends, [{ error: undefined }])
  })
  t.test('before it was asked for one, or when it was answered, does not', async t => {
    const unasked = attempt(new AuthMemories())
    void unasked.authorizer.noting(silent)
    unasked.end()
    t.strictSame(unasked.ends, [{ error: undefined }])
    const refused = attempt(new AuthMemories())
    refused.authorizer.challenged(basic)
    await refused.answers(401)
    refused.end()
    t.strictSame(refused.ends, [{ error: undefined }])
  })
  t.test('in midst of a later request, once a login was taken, does not', async t => {
    const taken = attempt(new AuthMemories())
    taken.authorizer.challenged(basic)
    await taken.answers(200)
    void taken.authorizer.noting(silent)
    taken.end()
    t.strictSame(taken.ends, [{ error: undefined }])
  })
})
