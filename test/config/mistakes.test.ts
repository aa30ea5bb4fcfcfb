/* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
import t from 'tap'
import { mistakesIn, parse } from './fixtures/read.js'

/** Mistakes of new users, and the messages that they got. */
const camera = (...lines: string[]) => `cameras:\n  1:\n${['source: rtsp://cam/live', ...lines].map(line => `    ${line}\n`).join('')}`
const only = (text: string, env?: Record<string, string>) => {
  const faults = mistakesIn(text, env)
  return faults.length === 1 ? faults[0]! : `${faults.length} faults: ${faults.join('\n')}`
}
const warningsOf = (text: string, env?: Record<string, string>) => parse(text, env).warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`)

t.test('a # in a value without quotes', async t => {
  t.test('causes a warning that does not quote the value', async t => {
    for (const [key, value] of [['password', 'p@ss #rd%'], ['password', 'hunter2  # the yard'], ['username', 'hunter2 #1'], ['name', 'Camera #2'], ['source', 'rtsp://cam/x?pwd=hunter2 #2']]) {
      const text = `cameras:\n  1:\n    ${key}: ${value}\n    ${key === 'source' ? 'name: x' : 'source: rtsp://cam'}\n    ${key === 'username' ? '' : 'username: u'}\n`
      const [warning, ...more] = warningsOf(text)
      t.match(warning, new RegExp(`^3:\\d+: ${key}: a # after a space begins a comment, so the ${key} ends before it\\. .*'single quotes'`), value!)
      t.notMatch(warning, /hunter2|p@ss|Camera|rd%/)
      t.same(more, [])
    }
    t.match(warningsOf('x-p: &p p@ss #rd\ncameras: { 1: { source: rtsp://cam, username: u, password: *p } }'), [/^1:9: password: a #/], 'by an alias')
    t.match(warningsOf('cameras:\n  1: { source: rtsp://cam, username: u, password: p@ss #rd\n    }'), [/^2:51: password: a #/], 'within { }')
    t.match(warningsOf('cameras:\r\n  1:\r\n    source: rtsp://cam\r\n    username: u\r\n    password: p #rd\r\n'), [/^5:15: /])
  })
  t.test('causes no warning if it begins a comment', async t => {
    const good = ['password: "hunter2"  # the yard', "password: 'p@ss #rd'", 'password: p@ss#rd', 'password: ${P}  # from the environment', 'password: hunter2\n    # the yard', 'name: Yard  # at the back', 'fps: 5 #why']
    for (const line of good) t.same(warningsOf(camera('username: admin  # the only one', line), { P: 'x' }), [], line)
  })
})

t.test('typographic quotes', async t => {
  t.match(only('cameras:\n  1:\n    source: “rtsp://cam/live”\n'), /typographic quotes such as “ ” quote nothing in YAML/)
  for (const line of ['name: “Yard”', 'username: ‘admin’', 'password: „hunter2“']) {
    t.match(warningsOf(camera('username: u', line).replace(line.startsWith('username') ? '    username: u\n' : '\n\n', '')), [/typographic quotes .* count as part of the text/], line)
  }
})

t.test('a missing value', async t => {
  for (const key of ['name', 'username', 'password', 'transport', 'width', 'enabled', 'renditions']) {
    for (const nothing of ['null', '~', 'Null']) t.match(mistakesIn(camera(`${key}: ${nothing}`))[0], new RegExp(`cameras\\.1\\.${key}: expected .*, received ${nothing}`))
  }
  t.match(only(camera('username: u', 'password: null')), /received null; null means nothing at all in YAML: leave the key out, or put the word in quotes$/)
  t.match(only(camera('username: u', 'password:')), /received nothing; an empty text is ""/)
  t.match(only('cameras: { 1: { source: ~ } }'), /source: expected .*, received ~$/)
  t.match(only('server: { allowExec: true }\ncameras: { 1: { source: { type: exec, command: [cat, ~] } } }'), /command\[1\]: expected text .*, received ~/)
  for (const text of ['${E}', 'x${E}']) t.match(only(camera('username: u', `password: "${text}"`), { E: '' }), /the environment variable E is empty; if an empty text is meant, write ""/)
  t.same(parse(camera('username: u', 'password: ""')).cameras[0]?.credentials, { username: 'u', password: '' })
})

t.test('a name', async t => {
  t.test('is literal: nothing is filled in', async t => {
    const fault = /cameras\.1\.name: everybody sees a name, so nothing is filled in here: write the name itself/
    for (const text of ['${P}', 'Yard ${P}', '${file:/run/secrets/p}']) {
      const faults = mistakesIn(camera(`name: "${text}"`), { P: 'hunter2' })
      t.match(faults.at(-1), fault, text)
      t.notMatch(faults, /hunter2/)
    }
    t.match(mistakesIn(camera('name: ${NOPE}')), [/NOPE is not set/, fault], 'both are reported at once')
    t.equal(parse(camera("name: '$${P}'")).cameras[0]?.name, '${P}')
  })
  t.test('is one line without hidden characters', async t => {
    for (const code of ['\\n', '\\r', '\\0', '\\e', '\\x7f', '\\x9b', '\\u2028', '\\u200f', '\\u061c', '\\u202e', '\\u2066']) {
      const fault = only(camera(`name: "a${code}b"`))
      t.match(fault, /name: expected text of 1 to 100 characters in one line, received "a\\.+b"; line breaks, other control characters/, code)
      t.match(fault, /^[\x20-\x7e]*$/, 'which the message does not repeat')
    }
    t.equal(parse(camera('name: חצר 👩‍🌾 Höfe')).cameras[0]?.name, 'חצר 👩‍🌾 Höfe')
  })
  t.test('that was written as an id is moved below one', async t => {
    for (const [key, id] of [['Front door', 'front-door'], ['Küche', 'kuche'], ['Straße/2', 'strasse-2'], ['日本', 'camera1']]) {
      t.equal(only(`cameras:\n  ${key}: { source: rtsp://cam }\n`), `2:3: cameras: the id ${JSON.stringify(key)} may hold letters, digits, - and _, at most 64 of them; write ${id}: and below it name: ${JSON.stringify(key)}`)
    }
    t.match(only('cameras:\n  "a\\nb": { source: rtsp://cam }\n'), /^2:3: cameras: the id "a\\nb" may hold/)
    t.match(only(camera('renditions: { "\\u202e": { fps: 5 } }')), /the name "\\u202e" may hold/)
  })
  t.test('is Unicode', async t => {
    t.match(mistakesIn('cameras: { 1: { name: "a\\ud800b", source: rtsp://a } }'), [/name: expected text/])
    t.equal(parse('cameras: { 1: { name: "a\\ud83d\\ude00b", source: rtsp://a } }').cameras[0]!.name, 'a😀b')
  })
  t.test('of a file or program has no control characters either', async t => {
    t.match(only('cameras: { 1: { source: { type: file, path: "a\\nb" } } }'), /path: a path cannot hold line breaks/)
    t.match(only('server: { allowExec: true }\ncameras: { 1: { source: { type: exec, command: ["a\\nb"] } } }'), /command: the name of a program cannot hold line breaks/)
  })
})

t.test('a quality', async t => {
  const quality = (text: string) => parse(camera(`quality: ${text}`)).cameras[0]?.quality
  t.same(['85%', '"75 %"', '60%', '50%', '1%', '100%', '9'].map(quality), [2, 3, 5, 6, 31, 2, 9])
  t.match(parse('defaults: { quality: 60% }\ncameras: { 1: { source: rtsp://cam, renditions: { a: { quality: 40% } } } }').cameras, [{ quality: 5, renditions: [{ name: 'a', quality: 8 }] }])
  t.equal(parse(camera('quality: ${Q}'), { Q: '50%' }).cameras[0]?.quality, 6)
  const wanted = 'cameras.1.quality: expected a whole number from 2 (best) to 31 (smallest), or a percentage such as 85%, received'
  t.equal(only(camera('quality: 85')), `4:14: ${wanted} 85; did you mean 85%?`)
  for (const wrong of ['0%', '101%', '8.5%', '-5%', '200', '0', '0.85']) t.equal(only(camera(`quality: ${wrong}`)), `4:14: ${wanted} ${/%/.test(wrong) ? `"${wrong}"` : wrong}`)
})

t.test('true, false and numbers', async t => {
  t.match(only(camera('enabled: "true"')), /enabled: expected true or false, received "true"; write it without quotes$/)
  t.match(only(camera('onDemand: on')), /received "on"; did you mean true\?$/)
  t.match(only(camera('onDemand: 0')), /received 0; did you mean false\?$/)
  t.match(only(camera('fps: "20"')), /received "20"; write it without quotes$/)
})

t.test('a key that belongs elsewhere', async t => {
  t.match(mistakesIn('cameras:\n  1:\n    ip: 192.168.1.20\n    user: admin\n    password: x\n    rtsp: rtsp://hunter2\n'), [
    /source is missing/, /unknown key "ip"; where the camera is belongs to its source: source: rtsp:.* \{ type: hikvision, host: 192\.168\.1\.20 \}$/,
    /unknown key "user"; did you mean 'username'\?/, /a password without a username/, /unknown key "rtsp"; did you mean 'source'\?/
  ])
  t.match(mistakesIn(camera('channel: 2', 'device: /dev/video0')), [/"channel"; it belongs to the source, as in source: \{ type: …, channel: … \}/, /"device"; it belongs to the source/])
  t.match(mistakesIn(`port: 5001\nfps: 5\nsource: rtsp://x\n${camera('allowExec: true')}`), [/"port"; it belongs below server:/, /"fps"; it belongs to a camera, or for all of them below defaults:/, /"source"; it belongs to a camera/, /"allowExec"; it belongs below server:/])
  t.match(only(`defaults: { name: x }\n${camera()}`), /unknown key "name"; each camera has its own/)
  t.match(mistakesIn('cameras:\n  1:\n    ffmpeg: { inputs: [{ path: rtsp://x, roles: [detect] }] }\n'), [/source is missing/, /"ffmpeg"; write the address alone: source: rtsp:/])
})

t.test('the file of another program', async t => {
  const files: Array<[string, string]> = [
    ['go2rtc', 'streams:\n  front:\n    - rtsp://u:hunter2@x\nlog: { level: info }\n'],
    ['MediaMTX', 'logLevel: info\npaths:\n  front: { source: rtsp://x }\n'],
    ['Frigate', 'mqtt: { host: x }\ncameras:\n  front: { ffmpeg: { inputs: [{ path: rtsp://u:hunter2@x, roles: [detect] }] } }\n'],
    ['Motion or motionEye', '# @id 1\nnetcam_url rtsp://x\nnetcam_userpass admin:hunter2\n'],
    ['Motion or motionEye', 'netcam_url rtsp://x/\nnetcam_userpass admin: hunter2\n'],
    ['a Python script', 'import cv2\nCAMERAS = {\n  1: {"password": "hunter2"},\n}\n']
  ]
  for (const [program, text] of files) {
    t.match(only(text), new RegExp(`^1:1: this looks like (a configuration of )?${program}\\. camgate import FILE makes a cameras\\.yaml of it; .*\\n {4}cameras:\\n {6}1:\\n {8}source: rtsp:`), text)
    t.notMatch(only(text), /hunter2/)
  }
})

t.test('an address alone is a camera', async t => {
  t.match(parse('cameras:\n  front: rtsp://u:p@cam/live\n  back: http://cam/snap.jpg\n').cameras, [
    { id: 'front', source: { type: 'rtsp', url: 'rtsp://cam/live' }, credentials: { username: 'u', password: 'p' } }, { id: 'back', source: { type: 'http' } }
  ])
  t.match(only('cameras:\n  front: rstp://u:hunter2@cam\n'), /^2:10: cameras\.front\.source: .*did you mean rtsp:\/\/\?$/)
  for (const [text, hint] of [['rtsp:/cam/live', /did you mean rtsp:\/\/…\? Two slashes/], ['192.168.1.20', /begins with its scheme: did you mean rtsp:/], ['/dev/video0', /did you mean \{ type: v4l2, device: \/dev\/video0 \}\?$/]] as const) {
    t.match(only(`cameras:\n  1: ${text}\n`), hint, text)
  }
  for (const text of ['front', 'admin:hunter2@cam']) t.match(only(`cameras:\n  1: ${text}\n`), /expected a camera, for example .*, received something else, which is not shown/)
})

t.test('a space that is missing after a colon', async t => {
  const said = (key: string) => new RegExp(`a space is missing after the colon: write ${key}: …$`)
  t.match(only('cameras:\n  1:\n    source:rtsp://u:hunter2@cam\n'), said('source'))
  for (const rest of ['', '    password: x\n']) t.match(only(`${camera('username:hunter2')}${rest}`), said('username'), rest)
  t.match(only(`server:\n  port:5001\n${camera()}`), said('port'))
  t.match(only('cameras: { 1: { source: rtsp://cam, username: u, password:hunter2 } }'), said('password'))
  t.notMatch(mistakesIn('cameras: { 1: { source:rtsp://hunter2, password:hunter2 } }'), /hunter2/)
})

t.test('quotes and signs', async t => {
  t.match(only(camera("name: 'it's me'")), /^4:\d+: text after a closing quote: a ' within 'single quotes' is doubled/)
  t.match(only(camera('name: "a "b" c"')), /^4:\d+: text after a closing quote: a " within "double quotes" is written \\"/)
  for (const server of ['{ host: :: }', '{host: ::, port: 1}', '\n  host: ::']) t.match(only(`server: ${server}\n${camera()}`), /an address that begins with a colon needs quotes: host: "::"$/, server)
  t.equal(parse(`server: { host: "::" }\n${camera()}`).server.host, '::')
})

t.test('keys that begin with x-', async t => {
  t.match(parse(`x-base: &base { fps: 5 }\nx-notes: [anything, { at: all }]\n${camera('<<: *base')}`).cameras, [{ fps: 5 }])
  t.match(only(`base: {}\n${camera()}`), /unknown key "base"/)
  t.match(only(camera('x-y: 1')), /unknown key "x-y"/, 'only at the top')
})

t.test('cameras twice', async t => {
  t.match(only(`${camera()}cameras:\n  2: { source: rtsp://x }\n`), /^4:1: the key "cameras" is given twice; first in line 1; join the two, or keep one$/)
})
