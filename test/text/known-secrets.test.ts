import fc from 'fast-check'
import t from 'tap'
import { KnownSecrets } from '../../src/text/known-secrets.js'

const knowing = (...secrets: string[]): KnownSecrets => {
  const known = new KnownSecrets()
  for (const secret of secrets) known.add(secret)
  return known
}

t.test('known secrets', async t => {
  t.test('are found in any encoding of each character', async () => {
    const percent = (text: string, encoding: 'utf8' | 'latin1' = 'utf8') => Buffer.from(text, encoding).toString('hex').replace(/../g, '%$&')
    const spelled = fc.constantFrom('a', 'Z', '7', '%', '+', '/', '$', '"', 'ä', 'ÿ', '€', '😀').chain(character => fc.record({
      character: fc.constant(character),
      written: fc.constantFrom(
        character, percent(character), percent(character).replaceAll('%', '%25'), percent(character).replaceAll('%', '%2525').toUpperCase(),
        Buffer.from(character).toString('latin1'), ...character <= '\xff' ? [percent(character, 'latin1')] : [], ...character === '"' ? ['\\"'] : []
      )
    }))
    fc.assert(fc.property(fc.array(spelled, { minLength: 1, maxLength: 12 }), characters => {
      const secret = characters.map(({ character }) => character).join('')
      const written = characters.map(({ written }) => written).join('')
      return knowing('other', secret).hide(`< ${written} >`, '***') === '< *** >'
    }), { numRuns: 500 })
  })
  t.test('are hidden whole if one begins like another', async t => {
    const known = knowing('hunter', 'Hunter2000', 'hunters')
    t.equal(known.hide('hunter2000 hunters HUNTER20', '***'), '*** *** ***20')
  })
  t.test('are hidden up to the next space if they are very long', async t => {
    const long = 'k'.repeat(200)
    t.equal(knowing(`${long}ey of a kind`, long).hide(`${long}ey and more`, '***'), '*** and more')
    t.equal(knowing(`${long}ey`).hide(`at the end ${long}`, '***'), 'at the end ***')
  })
  t.test('are forgotten with their last owner, one by one', async t => {
    const known = knowing('hunter', 'hunter', 'hunters')
    known.remove('hunter')
    t.equal(known.hide('hunter hunters', '***'), '*** ***', 'it has another owner')
    known.remove('hunter')
    t.equal(known.hide('hunter hunters', '***'), 'hunter ***')
    known.remove('hunter')
    known.add('hunter')
    t.equal(known.hide('hunter', '***'), '***')
  })
  t.test('leave everything else alone', async t => {
    t.equal(knowing().hide('text', '***'), 'text')
    t.equal(knowing('secret').hide('secre %73ecre 100% %2', '***'), 'secre %73ecre 100% %2')
    for (const text of ['%', '5%', '50%', '50%2', '50%25%', '50%252']) t.equal(knowing('50%% off').hide(text, '***'), text, 'that ends where an escape might go on')
  })
  t.test('of a thousand cameras take about as long to find as those of one', async t => {
    const text = '[h264 @ 0x55d0c8a3] [error] error while decoding MB 45 23 %20%25 '.repeat(20)
    const time = (known: KnownSecrets) => Math.min(...Array.from({ length: 20 }, () => {
      const begun = performance.now()
      known.hide(text, '***')
      return performance.now() - begun
    }))
    const password = (index: number) => index.toString(36).padStart(9, 'h264error')
    const [one, thousand] = [1, 1_000].map(count => time(knowing(...Array.from({ length: count }, (_, index) => password(index))))) as [number, number]
    t.ok(thousand < 20 * one, `${one} ms, ${thousand} ms`) // were each looked for by itself, a thousand times as long
  })
})
