import t from 'tap'
import { parseAside } from '../../src/reload/parse-aside.js'
import { parseContents } from '../../src/reload/parse-contents.js'

const FILE = '/etc/camgate/cameras.yaml'
const request = (text: string) => ({
  file: FILE, contents: new Map([[FILE, { bytes: Buffer.from(text), links: 1 }], ['/etc/camgate/pw', { bytes: Buffer.from('hunter2\n'), links: 1 }]]), env: { NAME: 'value' }, allowExec: false
})
const cameras = Array.from({ length: 400 }, (_, index) => `  c${index}: { source: 'rtsp://127.0.0.1/\${NAME}${index}', username: me, password: '\${file:pw}' }\n`).join('')
const server = 'server: { auth: { users: { anna: { password: $scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, cameras: [c1] } } } }\n'

t.test('a long file is parsed by a thread, and means the same', async t => {
  for (const text of [`${server}cameras:\n${cameras}`, `cameras:\n${cameras}  bad: { fsp: 3 }\n`, `cameras:\n${cameras}  \xff: {}\n`]) {
    t.same(await parseAside(request(text)), parseContents(request(text)))
  }
  const { result } = await parseAside(request(`cameras:\n${cameras}`))
  t.ok('registry' in result && Object.isFrozen(result.registry.cameras[0]!.source))
})
t.test('a short file is parsed at once', async t => {
  const { files, result } = await parseAside(request('cameras: { 1: { source: rtsp://127.0.0.1/1, username: me, password: "${file:pw}" } }\n')) // eslint-disable-line no-template-curly-in-string
  t.same(files, [FILE, '/etc/camgate/pw'])
  t.match(result, { registry: { cameras: [{ id: '1', credentials: { password: 'hunter2' } }] } })
})
