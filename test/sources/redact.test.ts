import t from 'tap'
import { redact } from '../../src/sources/redact.js'

t.test('redact', async t => {
  t.test('takes credentials out of every URL in a line that ffmpeg printed', async t => {
    t.equal(redact("[concat @ 0x1] Impossible to open 'rtsp://admin:hun%40ter2@10.0.0.5:554/live'"),
      "[concat @ 0x1] Impossible to open 'rtsp://10.0.0.5:554/live'")
    t.equal(redact('rtsp://a:b@c/ and http://d:p@ss@e/'), 'rtsp://c/ and http://e/')
  })
  t.test('hides the whole of a value that looks like a secret, and nothing behind it', async t => {
    t.equal(redact("open '/live?user=a&pwd=b&c_d&channel=1': 404"), "open '/live?user=***&pwd=***&channel=1': 404")
    t.equal(redact('/user=admin_password=tlJw_channel=1'), '/user=***_password=***_channel=1')
  })
  t.test('knows a blank of ASCII from one of Unicode, which a password may hold', async t => {
    const blanks = ['\u00a0', '\u1680', '\u2003', '\u2028', '\u202f', '\u3000', '\ufeff']
    for (const blank of blanks) t.equal(redact(`Impossible to open 'rtsp://admin:hun${blank}ter2@10.0.0.5/live'`), "Impossible to open 'rtsp://10.0.0.5/live'")
  })
  t.test('leaves other text alone', async t => {
    for (const text of ['', 'Connection refused', 'mail@example.org', 'rtsp://10.0.0.5/live?channel=1', 'frame=1 fps=20']) {
      t.equal(redact(text), text)
    }
  })
})
