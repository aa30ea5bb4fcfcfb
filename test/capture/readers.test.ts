import t from 'tap'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import { authOptions } from '../../src/capture/readers.js'
import type { Failure } from '../../src/failure/failure.js'
import { Authorizer } from '../../src/http-auth/authorizer.js'
import { camera } from '../fake-launch.js'

const basic = ['Basic realm="r"']
const never = new Promise<{ status: number }>(() => {})
const silent = () => never
const closed: Failure = { code: 'exited', message: 'It ended.' }

/** An attempt whose camera the test controls. */
function attempt (memory: CameraMemory) {
  const authorizer = new Authorizer({ username: 'u', password: 'p' }, authOptions(camera, memory))
  return { authorizer, end: () => memory.endOf(closed), answers: (status: number) => authorizer.track(async () => ({ status })) }
}

t.test('an attempt that ends', async t => {
  t.test('while the camera owes an answer to its login is marked, once', async t => {
    const memory = new CameraMemory(camera)
    const first = attempt(memory)
    await first.answers(401)
    t.ok(first.authorizer.challenged(basic))
    void first.authorizer.track(silent)
    t.strictSame(first.end(), { ...closed, unanswered: true })
    t.strictSame(attempt(memory).end(), closed)
  })
  t.test('because of a stop is marked, if the camera owes an answer to its login', async t => {
    const memory = new CameraMemory(camera)
    t.equal(memory.endOf(undefined), undefined)
    const stopped = attempt(memory)
    await stopped.answers(401)
    stopped.authorizer.challenged(basic)
    void stopped.authorizer.track(silent)
    t.match(memory.endOf(undefined), { code: 'auth', unanswered: true, message: /^It was stopped before/ })
  })
  t.test('before a login, or after an answer to it, is not marked', async t => {
    const unasked = attempt(new CameraMemory(camera))
    void unasked.authorizer.track(silent)
    t.strictSame(unasked.end(), closed)
    const refused = attempt(new CameraMemory(camera))
    refused.authorizer.challenged(basic)
    await refused.answers(401)
    t.strictSame(refused.end(), closed)
  })
  t.test('during a later request, after an accepted login, is not marked', async t => {
    const taken = attempt(new CameraMemory(camera))
    taken.authorizer.challenged(basic)
    await taken.answers(200)
    void taken.authorizer.track(silent)
    t.strictSame(taken.end(), closed)
  })
})
