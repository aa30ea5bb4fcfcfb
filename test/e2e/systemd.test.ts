import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { libc } from '../../src/libc.js'
import { packageRoot } from '../../src/package.js'
import { Service } from './service.js'
import { until } from './until.js'

const PYTHON = '/usr/bin/python3'
const unit = join(packageRoot, 'docs/deploy/camgate.service')
const MAX_EXPOSURE = 3

/** A stand-in for systemd's end of the socket: prints each datagram as a line of JSON. Node has no sockets of this kind. */
const SOCKET = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1].replace('@', chr(0), 1)); print('"bound"', flush=True)
while True: print(json.dumps(s.recv(4096).decode()), flush=True)
`

t.test('systemd is told when camgate is ready, alive, and ending', { skip: libc ? false : 'NOT TESTED: there is no koffi, or no glibc' }, async t => {
  const folder = t.testdir({ 'cameras.yaml': 'cameras: { 1: { source: rtsp://127.0.0.1:9/live, enabled: false } }' })
  const short = mkdtempSync(join(tmpdir(), 'camgate-')) // a socket's path has at most 107 bytes
  t.teardown(() => rmSync(short, { recursive: true, force: true }))
  for (const address of [join(short, 'notify'), `@camgate-test-${process.pid}`]) {
    const socket = spawn(PYTHON, ['-c', SOCKET, address], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => socket.kill('SIGKILL'))
    let lines = ''
    socket.stdout.on('data', chunk => { lines += chunk })
    const said = () => lines.split('\n').filter(Boolean).map(line => JSON.parse(line) as string)
    await once(socket.stdout, 'data')
    const service = await new Service(t, { config: join(folder, 'cameras.yaml'), env: { NOTIFY_SOCKET: address, WATCHDOG_USEC: '200000' } }).listening()
    await until('it says that it is ready, and then again and again that it is alive', () => said().filter(text => text === 'WATCHDOG=1').length > 2)
    t.match(said()[1], /^READY=1\nSTATUS=1 camera at port \d+$/)
    t.match(await service.end(), { code: 0 })
    await until('it says that it ends', () => said().at(-1) === 'STOPPING=1\nSTATUS=Stopping')
  }
})

t.test('the unit starts what the page about it installs', t => {
  const { bin } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { bin: { camgate: string } }
  const [, folder, file] = /^ExecStart=\/usr\/bin\/node (\/opt\/camgate)\/node_modules\/camgate\/(\S+) serve \/etc\/camgate\/cameras\.yaml$/m.exec(readFileSync(unit, 'utf8')) ?? []
  t.equal(file, bin.camgate)
  const page = readFileSync(join(packageRoot, 'docs/deploy/linux.md'), 'utf8')
  const [, version] = /^sudo npm install --prefix \/opt\/camgate-(\S+) \.\/camgate-\1\.tgz$/m.exec(page) ?? []
  t.match(page, `sudo ln -sfn camgate-${version} ${folder}\n`)
  t.match(page, `\nExecStart=/usr/bin/node ${folder}/node_modules/camgate/${file} serve /var/lib/camgate/cameras.yaml\n`)
  t.end()
})

t.test("the unit is one that systemd takes, and is less exposed than most of Debian's", {
  skip: spawnSync('systemd-analyze', ['--version']).status !== 0 && 'NOT TESTED: there is no systemd-analyze (apt-get install systemd)'
}, async t => {
  const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  const problems = analyze('verify', unit).stderr.split('\n').filter(line => line && !/not executable|No such file/.test(line)) // node and camgate are elsewhere here
  t.same(problems, [])
  const [, exposure] = /Overall exposure level for camgate.service: ([\d.]+)/.exec(analyze('security', '--offline=true', unit).stdout) ?? []
  t.ok(Number(exposure) <= MAX_EXPOSURE, `its exposure is ${exposure}`)
  t.comment(`exposure ${exposure}`)
})
