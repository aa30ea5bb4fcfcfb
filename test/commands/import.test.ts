import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dispatch } from '../../src/commands/dispatch.js'
import { captured } from './streams.js'

const folder = t.testdir({
  'go2rtc.yaml': 'streams:\n  front: rtsp://u:p@192.168.1.20/1\n  run: exec:rm\n',
  motioneye: {
    'motion.conf': 'camera camera-1.conf\n',
    'camera-10.conf': '# @name Ten\nvideodevice /dev/video1\n',
    'camera-2.conf': '# @name Two\nvideodevice /dev/video0\n'
  },
  'motion.conf': 'camera /etc/motion/camera-of-test.conf\n',
  'camera-of-test.conf': 'netcam_url rtsp://192.168.1.21/1\n',
  'binary.tar.gz': 'a\0b',
  'large.yaml': `streams: { a: rtsp://192.168.1.20/1 }\n#${'x'.repeat(2 ** 20)}`,
  'none.yaml': 'streams: { run: exec:rm }\n'
})
async function run (...args: string[]) {
  const io = captured()
  const { code = 0 } = await dispatch(['import', ...args], io)
  return { code, stdout: io.printed(), stderr: io.complained() }
}
const at = (name: string) => join(folder, name)

t.test('camgate import', async t => {
  const front = 'cameras:\n  front:\n    source: rtsp://192.168.1.20/1\n    username: "u"\n    password: "p"\n'
  t.test('prints cameras.yaml on stdout, and on stderr what could not be taken over', async t => {
    const { code, stdout, stderr } = await run(at('go2rtc.yaml'))
    t.equal(code, 0)
    t.equal(stdout, front)
    t.match(stderr.split('\n'), [`${at('go2rtc.yaml')}:3: run: exec: runs a program`, '1 camera taken over from go2rtc.', /^The passwords are in it as plain text\./])
  })
  t.test('says which variables the file will be given', async t => {
    writeFileSync(at('variables.yaml'), 'streams:\n  front: rtsp://${USER_1}:${CAM_PW}@192.168.1.20/1\n  yard: rtsp://192.168.1.21/${CAM_PW}\n') // eslint-disable-line no-template-curly-in-string -- as in go2rtc.yaml
    t.match((await run(at('variables.yaml'))).stderr, /^camgate fills in USER_1, CAM_PW from its environment: /m)
    t.notMatch((await run(at('go2rtc.yaml'))).stderr, /fills in/)
  })
  t.test('writes a file for its owner, and over another only if told to', async t => {
    const output = at('cameras.yaml')
    t.match(await run(at('go2rtc.yaml'), '-o', output), { code: 0, stdout: '', stderr: /1 camera taken over from go2rtc into / })
    t.equal(readFileSync(output, 'utf8'), front)
    t.equal(statSync(output).mode & 0o777, 0o600)
    writeFileSync(output, 'mine')
    t.match(await run(at('go2rtc.yaml'), '-o', output), { code: 73, stdout: '', stderr: /exists already\. --force replaces it/ })
    t.equal(readFileSync(output, 'utf8'), 'mine')
    t.match(await run(at('go2rtc.yaml'), '-o', output, '--force'), { code: 0 })
    t.equal(readFileSync(output, 'utf8'), front)
    t.equal(readFileSync(`${output}.old`, 'utf8'), 'mine')
    t.match(await run(at('go2rtc.yaml'), '-o', at('no/such/folder')), { code: 73, stderr: /cannot be written: ENOENT/ })
  })
  t.test('reads the folder of motionEye, and files that motion.conf names', async t => {
    const { stdout, stderr } = await run(at('motioneye'))
    t.match(stdout, /^cameras:\n {2}2:\n {4}name: Two\n.*\n\n {2}10:\n {4}name: Ten\n/)
    t.match(stderr, /^2 cameras taken over from Motion\.$/m)
    spawnSync('mkfifo', [at('pipe.conf')])
    writeFileSync(at('pipes.conf'), 'camera pipe.conf\ncamera /dev/zero\ncamera camera-of-test.conf\n')
    t.match(await run(at('pipes.conf')), { code: 0, stderr: /pipes\.conf:1: camera: its file cannot be read.*\n.*pipes\.conf:2: / }, 'no file that never ends')
    t.match(await run(at('motion.conf')), { stdout: /192\.168\.1\.21/ }, 'also if they lie beside it now')
  })
  t.test('answers in JSON', async t => {
    const { stdout, stderr } = await run(at('go2rtc.yaml'), '--json')
    t.equal(stderr, '')
    t.match(JSON.parse(stdout), { program: 'go2rtc', cameras: ['front'], yaml: front, remarks: [{ file: at('go2rtc.yaml'), line: 3, message: /exec/ }] })
  })
  t.test('refuses what it cannot read', async t => {
    for (const [args, code, message] of [
      [[], 64, /^import takes one file/],
      [[at('go2rtc.yaml'), '--from', 'vlc'], 64, /^--from is one of flask, go2rtc/],
      [[at('missing')], 65, /missing cannot be read: ENOENT/],
      [[at('binary.tar.gz')], 65, /is not text; unpack it, and import the folder/],
      [[at('large.yaml')], 65, /is over 1 MiB/],
      [['/dev/zero'], 65, /is over 1 MiB/],
      [[at('none.yaml')], 65, /^No camera of .*\n.*none\.yaml:1: run: exec: runs a program/],
      [[at('go2rtc.yaml'), '--from', 'frigate'], 65, /^No camera of/]
    ] as const) t.match(await run(...args), { code, stdout: '', stderr: message }, args.join(' '))
  })
})
