import fc from 'fast-check'
import t from 'tap'
import { addCredentials, addSecrets, quotable, redact } from '../../src/text/redact.js'

t.test('redact', async t => {
  t.test('takes credentials out of every URL in a line that ffmpeg printed', async t => {
    t.equal(redact("[concat @ 0x1] Impossible to open 'rtsp://admin:hun%40ter2@10.0.0.5:554/live'"),
      "[concat @ 0x1] Impossible to open 'rtsp://10.0.0.5:554/live'")
    t.equal(redact('rtsp://a:b@c/ and http://d:p@ss@e/'), 'rtsp://c/ and http://e/')
  })
  t.test('hides every value of a query whose name is not known to be harmless, and nothing after it', async t => {
    t.equal(redact("open '/live?user=a&pwd=b&c_d&channel=1': 404"), "open '/live?user=***&pwd=***&channel=1': 404")
    t.equal(redact('/user=admin_password=tlJw_channel=1'), '/user=***_password=***_channel=1')
    t.equal(redact('/live?Xq=1&hunter2&subtype=0;sid=7'), '/live?Xq=***&subtype=0;sid=***')
    t.equal(redact('/live?hunter2'), '/live?***')
    t.equal(redact('/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif'), '/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif')
    t.equal(redact('/axis-media/media.amp?resolution=640x480&fps=5'), '/axis-media/media.amp?resolution=640x480&fps=5')
    t.equal(redact('?channel=1_password=x&stream=rtsp://a'), '?channel=***&stream=***')
  })
  t.test('hides values that are named a password anywhere', async t => {
    t.equal(redact('user=admin is not allowed'), 'user=*** is not allowed')
    t.equal(redact('Digest username="admin", realm="x", response="6f"'), 'Digest username="***", realm="x", response="***"')
    t.equal(redact('Bad header Authorization: Basic YTpi and more'), 'Bad header Authorization: ***')
  })
  t.test('ends a password at a blank of ASCII, not of Unicode', async t => {
    const blanks = ['\u00a0', '\u1680', '\u2003', '\u2028', '\u202f', '\u3000', '\ufeff']
    for (const blank of blanks) t.equal(redact(`Impossible to open 'rtsp://admin:hun${blank}ter2@10.0.0.5/live'`), "Impossible to open 'rtsp://10.0.0.5/live'")
  })
  t.test('leaves other text alone', async t => {
    for (const text of ['', 'Connection refused', 'mail@example.org', 'rtsp://10.0.0.5/live?channel=1', 'frame=1 fps=20', 'is the path right?', 'color_range=pc', 'username=']) {
      t.equal(redact(text), text)
    }
  })
})

t.test('known secrets', async t => {
  addCredentials({ username: 'oper tor', password: 'pä$s/w"%41' })
  addCredentials({ username: 'bob', password: 'abc' })
  t.equal(redact('no entry for bob:abc'), 'no entry for ***', 'short ones are found beside each other')
  addSecrets(['to.ken+7', 'abc', 'camera'])
  const password = 'pä$s/w"%41'
  t.test('are found anywhere, in every spelling', async t => {
    const spellings = [
      password, 'Pä$s/w"%41', encodeURIComponent(password), encodeURIComponent(encodeURIComponent(password)), encodeURIComponent(password).toLowerCase(),
      Buffer.from(password).toString('hex').replace(/../g, '%$&'), Buffer.from(password).toString('latin1'), encodeURI(password), 'p%E4$s/w"%41',
      JSON.stringify(password).slice(1, -1), 'pä$s/w"A',
      Buffer.from(`oper tor:${password}`).toString('base64').replace(/=+$/, ''), Buffer.from(`oper tor:${password}`).toString('base64url'), Buffer.from(`oper tor:${password}`, 'latin1').toString('base64'),
      'oper tor', 'oper%20tor', 'oper+tor', 'to.ken+7', 'to.ken%2b7'
    ]
    for (const text of spellings) t.match(redact(`no /x/${text}/live here`), /^no \/x\/\*\*\*=*\/live here$/, text)
    t.equal(redact('toXken+7'), 'toXken+7', 'as text, not as a pattern')
  })
  t.test('are hidden until every owner has forgotten them', async t => {
    const credentials = { username: 'known here alone', password: 'tulips-1637' }
    const forget = [addCredentials(credentials), addCredentials(credentials)]
    const basic = Buffer.from('known here alone:tulips-1637').toString('base64')
    forget[0]!()
    forget[0]!()
    t.equal(redact(`no entry for known here alone, ${basic}`), 'no entry for ***, ***==')
    forget[1]!()
    t.equal(redact(`no entry for known here alone, ${basic}`), `no entry for known here alone, ${basic}`)
  })
  t.test('are not hidden if they are short, or words of our own', async t => {
    t.equal(redact('The camera abc'), 'The camera abc')
  })
})

t.test('redaction takes linear time', async t => {
  const pieces = ['a', '://', 'a://', '?', '&', '/a=', '_', '%25', 'password=', '"', 'password="', ' ', 'authorization:', 'pw=\'', '@', 'x?a=b&', '%', 'to.ke', '=', 'http://a:b@', 'é', 'key ', '_a', ';a']
  const time = (text: string) => {
    const begun = process.hrtime.bigint()
    quotable(text)
    return Number(process.hrtime.bigint() - begun) / 1e6
  }
  for (const piece of pieces) {
    const [short, long] = [32, 1_024].map(kilobytes => time(piece.repeat(Math.ceil(kilobytes * 1_024 / piece.length)))) as [number, number]
    t.ok(long < 200 * Math.max(short, 20), `${JSON.stringify(piece)}: ${long} ms for a megabyte, ${short} ms for a 32nd of it`) // were it quadratic, minutes
  }
})

t.test('a quotation', async t => {
  t.test('is one line without control characters or marks of direction', async t => {
    t.equal(quotable('\x1b]0;pwned\x07\x1b[31m a\r\nb\u2028c \u202eabc\u2066\u200b'), ']0;pwned [31m a b c abc')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u.test(quotable(text))))
  })
  t.test('has a limited length, and ends with a whole word', async t => {
    t.equal(quotable('one two three four', 14), 'one two three…')
    t.equal(quotable('one two, three', 12), 'one two…')
    t.equal(quotable('x'.repeat(400)).length, 300)
    t.equal(quotable(`${'word '.repeat(100)}`).at(-1), '…')
    t.ok(quotable('word '.repeat(100)).length <= 300)
  })
  t.test('is redacted after invisible characters are removed', async t => {
    addSecrets(['hunter2000'])
    t.equal(quotable('it is hun\u200bter2000'), 'it is ***')
  })
  t.test('does not change if it is quoted again', async () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '=', '?', '&', '/', '_', ';', ' ', ':', '@', 'pwd', 'channel', '://', '.') }), text => quotable(quotable(text)) === quotable(text)), { numRuns: 1_000 })
  })
})
