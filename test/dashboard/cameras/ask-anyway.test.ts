import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { askAnyway, NoSocket } from '../../../src/dashboard/cameras/ask-anyway.js'
import { settled, StillClock } from '../still-clock.js'

/** One way to ask, which the test answers. */
function way () {
  const asked: string[] = []
  const own = { asked, answer: () => {}, refuse: (_error: Error) => {}, isAborted: false }
  const ask = (verb: string, id: string, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
    asked.push(`${verb} ${id}`)
    Object.assign(own, { answer: resolve, refuse: reject })
    signal.addEventListener('abort', () => {
      own.isAborted = true
      reject(signal.reason)
    })
  })
  return Object.assign(own, { ask })
}

function asking (verb: 'stop' | 'restart' = 'stop', askByView = async () => false) {
  const clock = new StillClock()
  const [request, socket] = [way(), way()]
  const stop = new AbortController()
  let end = ''
  askAnyway(request.ask, socket.ask, clock, askByView)(verb, '1', stop.signal).then(() => { end = 'done' }, (error: Error) => { end = error.message })
  return { clock, request, socket, stop, get end () { return end } }
}

t.test('a command', async t => {
  t.test('goes by a request alone if that is answered soon', async t => {
    const asked = asking()
    await asked.clock.pass(499)
    asked.request.answer()
    await settled()
    await asked.clock.pass(60_000)
    t.same([asked.end, asked.request.asked, asked.socket.asked], ['done', ['stop 1'], []])
  })

  t.test('goes by a WebSocket too if the request gets no answer, and then the request never leaves', async t => {
    const asked = asking()
    await asked.clock.pass(500)
    t.same(asked.socket.asked, ['stop 1'])
    asked.socket.answer()
    await settled()
    t.same([asked.end, asked.request.isAborted], ['done', true])
  })

  t.test('is answered by the request although the WebSocket fails', async t => {
    const asked = asking()
    await asked.clock.pass(500)
    asked.socket.refuse(new NoSocket('no such address'))
    await settled()
    t.equal(asked.end, '')
    asked.request.answer()
    await settled()
    t.equal(asked.end, 'done')
  })

  t.test('is refused by either', async t => {
    const [one, other] = [asking(), asking()]
    one.request.refuse(new Error('There is no camera.'))
    await other.clock.pass(500)
    other.socket.refuse(new Error('You may not.'))
    await settled()
    t.same([one.end, other.end], ['There is no camera.', 'You may not.'])
  })

  t.test('to restart goes by one way only: a second one would cut short the start of the first', async t => {
    const byView = asking('restart', async () => true)
    await byView.clock.pass(60_000)
    t.same([byView.end, byView.request.asked, byView.socket.asked], ['done', [], []], 'by the socket that shows the camera')
    const byRequest = asking('restart')
    await byRequest.clock.pass(60_000)
    t.same([byRequest.end, byRequest.request.asked, byRequest.socket.asked], ['', ['restart 1'], []], 'or by a request')
    byRequest.request.answer()
    await settled()
    t.equal(byRequest.end, 'done')
    const never = asking('restart', () => new Promise(() => {}))
    never.stop.abort(new Error('too late'))
    await settled()
    t.equal(never.end, 'too late')
  })

  t.test('ends when it is given up', async t => {
    const asked = asking()
    await asked.clock.pass(500)
    asked.stop.abort(new Error('too late'))
    await settled()
    t.same([asked.end, asked.request.isAborted, asked.socket.isAborted], ['too late', true, true])
  })
})
