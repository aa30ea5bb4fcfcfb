import t from 'tap'
import { secretsOfNotify } from '../../../src/config/secrets.js'
import { mistakesIn, parse } from '../fixtures/read.js'

const KEY = Buffer.from('a key of thirty-two bytes, hunter2').toString('base64')
const cameras = '\ncameras: { 1: rtsp://192.168.1.20/live, gate: rtsp://cam.lan, local: rtsp://127.0.0.1:8554/x }\n'
/** A file whose list `notify`, in line 1, has these items. */
const file = (...items: string[]) => `notify: [${items.join(', ')}]${cameras}`
const targets = (items: string[], env: Record<string, string> = {}) => parse(file(...items), env).notify
const mistakes = (...items: string[]) => {
  const found = mistakesIn(file(...items))
  t.notMatch(found, /hunter2/, 'no secret is shown')
  return found
}
const URL = 'url: "https://hooks.example.org/x"'

t.test('notify', async t => {
  t.test('may be missing', async t => {
    t.same(parse('cameras: { 1: rtsp://a }').notify, [])
  })
  t.test('has presets', async t => {
    t.same(targets([`{ ${URL} }`]), [{ url: 'https://hooks.example.org/x', on: ['down', 'up'], afterMs: 30_000, cameras: 'all' }])
  })
  t.test('may say what to tell, after how long, of which cameras, and what signs', async t => {
    // eslint-disable-next-line no-template-curly-in-string -- what people write in the file
    t.same(targets(['{ url: "http://ann:hunter2@127.0.0.1:8123/hook", on: [stopped, down, down], after: 5m, cameras: [1, gate], secret: "${S}" }'], { S: `whsec_${KEY}` }), [{
      url: 'http://127.0.0.1:8123/hook', credentials: { username: 'ann', password: 'hunter2' }, on: ['stopped', 'down'], afterMs: 300_000, cameras: new Set(['1', 'gate']), key: KEY
    }])
  })
  t.test('is a list of maps', async t => {
    t.match(mistakesIn(`notify: https://x/hunter2${cameras}`), [/^1:9: notify: expected a list such as \[\{ url: .*, received something else, which is not shown$/])
    t.match(mistakes('https://x/hunter2'), [/^1:10: notify\[0\]: expected a map such as \{ url: .*, received something else, which is not shown$/])
    t.match(mistakes('{ on: [down] }'), [/^1:10: notify\[0\]: url is missing/])
    t.match(mistakes(`{ ${URL}, urls: 1 }`), [/unknown key "urls"; did you mean 'url'\?$/])
    t.match(mistakesIn(`server: { notify: [] }${cameras}`), [/unknown key "notify"; it belongs at the top of the file/])
  })
  t.test('knows its events', async t => {
    t.match(mistakes(`{ ${URL}, on: [dwon] }`), [/^1:53: notify\[0\]\.on\[0\]: expected down, up, stopped or started, received "dwon"; did you mean 'down'\?$/])
    t.match(mistakes(`{ ${URL}, on: [] }`), [/notify\[0\]\.on: expected a list of 1 to 4 like \[down, up\], received an empty list$/])
  })
  t.test('takes a time with a unit, up to a day', async t => {
    t.match(mistakes(`{ ${URL}, after: 30 }`), [/notify\[0\]\.after: expected a time such as 30s or 5m, received 30; did you mean 30s\?$/])
    t.match(mistakes(`{ ${URL}, after: soon }`), [/received "soon"$/])
    t.match(mistakes(`{ ${URL}, after: 25h }`), [/^1:55: notify\[0\].after: expected at most 24h$/])
    t.match(targets([`{ ${URL}, after: 24h }`, `{ ${URL}, after: 0s }`]), [{ afterMs: 86_400_000 }, { afterMs: 0 }])
  })
  t.test('takes an address of HTTP that is no camera of the file', async t => {
    for (const url of ['ftp://hunter2/', 'hooks.example.org', 'http://1.2.3.4.5/', 'http://x:99999/']) t.match(mistakes(`{ url: "${url}" }`), [/^1:17: notify\[0\]\.url: expected an HTTP URL like https:\/\/hooks\.example\.org\/camgate/], url)
    for (const [url, camera] of [['http://192.168.1.20:9000/', '1'], ['https://u:hunter2@CAM.lan/x', 'gate'], ['http://localhost:8554/', 'local']] as const) {
      t.same(mistakes(`{ url: "${url}" }`), [`1:17: notify[0].url: the camera ${camera} has this address, and notifications are never sent to a camera`], url)
    }
    t.same(mistakes('{ url: "http://localhost:8123/" }'), [])
  })
  t.test('takes a secret of Standard Webhooks', async t => {
    const secret = (text: string) => mistakes(`{ ${URL}, secret: "${text}" }`)
    t.same(secret(`whsec_${KEY}`), [])
    t.match(secret('hunter2'), [/notify\[0\]\.secret: expected a secret such as echo whsec_.*, received something else, which is not shown$/])
    for (const wrong of ['', 'aHVudGVyMg==', 'hunter2*hunter2*hunter2*hunter2*hunter2*', Buffer.alloc(65).toString('base64')]) {
      t.match(secret(`whsec_${wrong}`), [/^1:56: notify\[0\]\.secret: expected whsec_ and 24 to 64 bytes in base64 after it/], wrong)
    }
  })
  t.test('names cameras that exist', async t => {
    t.match(mistakes(`{ ${URL}, cameras: [gat] }`), [/^1:58: notify\[0\]\.cameras: there is no camera "gat"; did you mean 'gate'\?$/])
  })
  t.test('lists no target twice', async t => {
    t.same(mistakes(`{ ${URL}, after: 2m }`, `{ ${URL}, after: 120s, on: [down, up] }`), ['1:61: notify[1]: this is notify[0] (line 1) again; everything would be told twice'])
    t.same(mistakes(`{ ${URL}, after: 2m }`, `{ ${URL}, after: 1h }`), [], 'another time is another target')
  })
  t.test('has secrets: keys, passwords, and long paths', async t => {
    const written = [`{ url: "https://ann:hunter2@hooks.example.org/services/T0/B0?token=abc", secret: whsec_${KEY} }`, '{ url: "http://127.0.0.1/hook" }']
    t.same(secretsOfNotify(targets(written)), [KEY, 'hunter2', 'services/T0/B0?token=abc'])
  })
})
