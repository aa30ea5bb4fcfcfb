import t from 'tap'
import { choosePath, type Failing, type Possibilities } from '../../../src/view/paths/choice.js'

const all: Possibilities = {
  decodes: ['h264'], plays: ['h264', 'h265'], isSecure: true, savesData: false, opens: { socket: true, stream: true, snapshot: true }, forced: undefined, failed: () => undefined
}
const after = (failures: { readonly [what in Failing]?: string }) => (what: Failing) => failures[what]

t.test('the path of a picture', async t => {
  t.test('is WebCodecs where there is a decoder', async t => {
    t.same(choosePath(all), { path: 'webcodecs', accept: ['h264', 'jpeg'], reason: '' })
  })
  t.test('is a video over plain http, and says what would be better', async t => {
    t.same(choosePath({ ...all, decodes: [], isSecure: false }), { path: 'mse', accept: ['h264', 'h265', 'jpeg'], reason: 'Over plain http, browsers have no WebCodecs: open the page by https.' })
    t.match(choosePath({ ...all, decodes: [] }), { path: 'mse', reason: 'This browser has no WebCodecs.' })
  })
  t.test('is JPEG where neither is, with both reasons', async t => {
    t.match(choosePath({ ...all, decodes: [], plays: [] }), { path: 'jpeg', accept: ['jpeg'], reason: /^This browser has no WebCodecs\. This .* Extensions\.$/ })
  })
  t.test('is the next one where one has failed, for its reason', async t => {
    t.match(choosePath({ ...all, failed: after({ webcodecs: 'It broke.' }) }), { path: 'mse', reason: 'It broke.' })
    t.match(choosePath({ ...all, decodes: [], failed: after({ mse: 'It stood still.' }) }), { path: 'jpeg', reason: /It stood still\.$/ })
  })
  t.test('is an <img> without a socket, and says so once', async t => {
    t.match(choosePath({ ...all, failed: after({ socket: 'No socket.' }) }), { path: 'img', accept: ['jpeg'], reason: 'No socket.' })
    t.match(choosePath({ ...all, failed: after({ socket: 'No socket.', img: 'No stream.' }) }), { path: 'snapshots', reason: 'No socket. No stream.' })
    t.equal(choosePath({ ...all, failed: after({ socket: '1', img: '2', snapshots: '3' }) }), undefined)
  })
  t.test('is one that its proof opens', async t => {
    t.match(choosePath({ ...all, opens: { socket: false, stream: true, snapshot: false } }), { path: 'img', reason: 'The link is for a picture, and not for /wall.' })
    t.match(choosePath({ ...all, opens: { socket: false, stream: false, snapshot: true } }), { path: 'snapshots' })
    t.equal(choosePath({ ...all, opens: { socket: true, stream: false, snapshot: false }, failed: after({ socket: 'x' }) }), undefined, 'a link to /wall opens nothing else')
  })
  t.test('is JPEG for those who save data', async t => {
    t.match(choosePath({ ...all, savesData: true }), { path: 'jpeg', reason: 'This browser is set to save data.' })
    t.match(choosePath({ ...all, savesData: true, forced: 'webcodecs' }), { path: 'webcodecs' })
    t.match(choosePath({ ...all, savesData: true, opens: { socket: false, stream: true, snapshot: false } }), { path: 'img' })
  })
  t.test('is the one that is forced, without a reason, or none', async t => {
    t.same(choosePath({ ...all, forced: 'jpeg' }), { path: 'jpeg', accept: ['jpeg'], reason: '' })
    t.match(choosePath({ ...all, forced: 'snapshots' }), { path: 'snapshots', reason: '' })
    t.equal(choosePath({ ...all, decodes: [], forced: 'webcodecs' }), undefined)
  })
})
