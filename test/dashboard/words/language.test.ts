import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { languageFor, LANGUAGES, say, sayForCode, useLanguage } from '../../../src/dashboard/words/language.js'
// @ts-ignore
import { reason } from '../../../src/dashboard/words/camera.js'
// @ts-ignore
import { duration } from '../../../src/dashboard/words/quantities.js'
import type { FailureCode } from '../../../src/failure/failure.js'
import { packageRoot } from '../../../src/package.js'
import type { CameraStatus } from '../../../src/stream/status.js'
import { cameraStatus } from '../../status.js'

type Text = string | Record<string, string>
interface Words { readonly texts: Record<string, Text>, readonly codes: Record<string, string> }

const dashboard = join(packageRoot, 'src/dashboard')
const wordsOf = async (tag: string): Promise<Words> => await import(`../../../src/dashboard/words/${tag}.js`)
const others = Object.keys(LANGUAGES).filter(tag => tag !== 'en')
const formsOf = (text: Text) => typeof text === 'string' ? [text] : Object.values(text)
const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
/** The same places in each form of a text. */
const places = (text: Text) => [...new Set(formsOf(text).map(form => placesOf(form).join()))]

t.test('every language', async t => {
  const english = await wordsOf('en')
  for (const tag of others) {
    t.test(`${tag} has each text, with the same places`, async t => {
      const { texts } = await wordsOf(tag)
      t.same(Object.keys(texts).sort(), Object.keys(english.texts).sort())
      for (const [key, text] of Object.entries(texts)) {
        t.same(places(text), places(english.texts[key]!), key)
        t.equal(typeof text, typeof english.texts[key], key)
        t.ok(formsOf(text).every(form => form.trim() === form && form !== ''), key)
      }
    })

    t.test(`${tag} has a form for each number that can be counted`, async t => {
      const plurals = new Intl.PluralRules(tag)
      const needed = [...new Set(Array.from({ length: 200 }, (_, count) => plurals.select(count)))]
      const counted = Object.values((await wordsOf(tag)).texts).filter(text => typeof text !== 'string')
      t.ok(counted.length > 5)
      t.same(counted.flatMap(text => needed.filter(category => !Object.hasOwn(text, category))), [])
    })

    t.test(`${tag} has a sentence for each code that another language has`, async t => {
      const { codes } = await wordsOf(tag)
      t.same(Object.keys(codes).sort(), Object.keys((await wordsOf('es')).codes).sort())
      const rows = /^\| `([a-z-]+)` \|/gm
      const failures = [...readFileSync(join(packageRoot, 'docs/why-is-it-black.md'), 'utf8').matchAll(rows)].map(([, code]) => code!)
      t.ok(failures.length > 10)
      t.same(failures.filter(code => !Object.hasOwn(codes, code)), [], 'the guide has a row for each')
    })
  }

  t.test('is a file in the menu', async t => {
    const files = readdirSync(join(dashboard, 'words')).filter(file => /^[a-z]{2}\.js$/.test(file)).map(file => file.slice(0, 2))
    t.same(files.sort(), Object.keys(LANGUAGES).sort())
  })
})

t.test('every text that index.html names is there, and every text is used', async t => {
  const { texts } = await wordsOf('en')
  const html = readFileSync(join(dashboard, 'index.html'), 'utf8')
  const named = [...html.matchAll(/data-say(?:-label)?="(\w+)"/g)].map(([, key]) => key!)
  t.same(named.filter(key => !Object.hasOwn(texts, key)), [])
  const sources = readdirSync(dashboard, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js') && !/words.\w\w\.js$/.test(file)).map(file => readFileSync(join(dashboard, file), 'utf8')).join('\n')
  const isUsed = (key: string) => named.includes(key) || sources.includes(`'${key}'`)
  const made = ['start', 'stop', 'restart'].flatMap(verb => [verb, `${verb}Busy`, `${verb}Failed`])
  t.same(Object.keys(texts).filter(key => !isUsed(key) && !made.includes(key)), [])
})

t.test('the page\'s language', async t => {
  t.teardown(() => useLanguage('en'))
  t.equal(languageFor(null, ['de-AT', 'fr-CA', 'en']), 'fr')
  t.equal(languageFor('ru', ['fr']), 'ru', 'the viewer\'s choice')
  t.equal(languageFor('xx', ['ES-mx']), 'es')
  t.equal(languageFor(null, ['constructor', 'de']), 'en')
  t.equal(languageFor(null, []), 'en')

  t.test('decides the form of what is counted', async t => {
    await useLanguage('ru')
    t.same([1, 2, 5, 21].map(days => duration(86_400_000 * Math.max(2, days))), ['2 дня', '2 дня', '5 дней', '21 день'])
    t.equal(say('inTrouble', { count: 1 }), '1 с неполадкой')
  })

  t.test('has own sentences for failures that it knows', async t => {
    const failed = (code: string): CameraStatus => ({ ...cameraStatus, state: 'waiting', failure: { code: code as FailureCode, message: 'Sent <b>as it is</b>.', since: cameraStatus.since } })
    await useLanguage('es')
    t.match(reason(failed('refused')), /^Nadie responde/)
    t.equal(reason(failed('new-code')), 'Sent <b>as it is</b>.')
    t.equal(reason(failed('constructor')), 'Sent <b>as it is</b>.')
    t.equal(sayForCode(undefined, 'As sent.'), 'As sent.')
    await useLanguage('en')
    t.equal(reason(failed('refused')), 'Sent <b>as it is</b>.', 'the server\'s English says more')
  })

  t.test('leaves a place that has no value as it is', async t => {
    await useLanguage('en')
    t.equal(say('fps', {}), '{count} fps')
    t.equal(say('enlarge', { name: '{count} $& {name}' }), 'Enlarge {count} $& {name}', 'a name is no text with places')
  })
})
