import fc from 'fast-check'
import t from 'tap'
import { parseBasic } from '../../src/logins/basic.js'

const basic = (text: string, encoding: BufferEncoding = 'utf8') => `Basic ${Buffer.from(text, encoding).toString('base64')}`

t.test('a Basic header', async t => {
  t.test('has a user and a password', async t => {
    for (const [header, username, password] of [
      ['Basic YW5uYTpzZWNyZXQ=', 'anna', 'secret'],
      ['basic YW5uYTpzZWNyZXQ=', 'anna', 'secret'],
      ['BASIC  YW5uYTpzZWNyZXQ ', 'anna', 'secret'],
      ['Basic YW5uYTpzZWNyZXQ', 'anna', 'secret'],
      [basic('anna:a:b:'), 'anna', 'a:b:'],
      [basic('anna:'), 'anna', ''],
      [basic(':secret'), '', 'secret'],
      [basic('Jürgen:pässwörd 🔑'), 'Jürgen', 'pässwörd 🔑'],
      [basic('Jürgen:pässwörd', 'latin1'), 'Jürgen', 'pässwörd']
    ] as const) t.same(parseBasic(header), { username, password }, header)
  })
  t.test('is left to others if its scheme is another', async t => {
    for (const header of ['', 'Bearer abc', 'Basically YW5uYTpzZWNyZXQ=', 'Digest username="anna"', 'YW5uYTpzZWNyZXQ=']) t.equal(parseBasic(header), undefined, header)
  })
  t.test('is refused if it cannot be read', async t => {
    for (const header of [
      'Basic', 'Basic ', 'Basic anna:secret', 'Basic YW5uYTpz!ZWNyZXQ=', 'Basic ====', basic('anna'), basic(''),
      basic('anna:sec\0ret'), basic('an\nna:secret'), basic('anna:sec\x7fret'), basic('an\u202ena:secret'), basic(`${'a'.repeat(201)}:x`), basic(`a:${'x'.repeat(1_001)}`)
    ]) t.throws(() => parseBasic(header), { code: 'BAD_CREDENTIALS', message: /^(?!.*secret).*base64/ }, header)
  })
  t.test('never throws anything else', async t => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.uint8Array().map(bytes => `Basic ${Buffer.from(bytes).toString('base64')}`)), header => {
      try {
        const credentials = parseBasic(header)
        return credentials === undefined || !credentials.username.includes(':')
      } catch (error) {
        return (error as { code?: string }).code === 'BAD_CREDENTIALS'
      }
    }))
    t.pass()
  })
})
