/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import t from 'tap'
import { Type } from 'typebox'
import { Checker } from '../../src/yaml/check.js'
import { readDocument } from '../../src/yaml/document.js'
import { parcels } from './fixtures/vocabulary.js'

const Parcel = Type.Object({
  to: Type.String(),
  weight: Type.Optional(Type.Number({ minimum: 0, maximum: 30 })),
  pin: Type.Optional(Type.Integer({ minimum: 0, maximum: 9_999 })),
  labels: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Object({ note: Type.String() }), { minProperties: 1, title: 'a map of labels' })),
  way: Type.Optional(Type.Union([
    Type.Object({ by: Type.Literal('ship'), port: Type.String() }),
    Type.Object({ by: Type.Literal('air') })
  ])),
  insured: Type.Optional(Type.Union([Type.Literal('no'), Type.Object({ value: Type.Integer({ minimum: 1, maximum: 9 }) }, { title: 'a map like { value: 3 }' })]))
})
const File = Type.Object({ parcel: Parcel })

const check = (parcel: string) => {
  const messages: string[] = []
  const report = ({ line, column }: { line: number, column: number }, message: string) => { messages.push(`${line}:${column}: ${message}`) }
  const document = readDocument(`parcel: ${parcel}`, { vocabulary: parcels, surroundings: { env: { PIN: '77777' }, readFile: () => '' }, report, warn: () => {} })
  const checked = document && new Checker(parcels, report).check(File, document)
  return { checked, messages }
}
const messagesAbout = (parcel: string) => check(parcel).messages

t.test('a checker', async t => {
  t.test('returns plain values, and a Map if users choose the keys', async t => {
    t.same(check('{ to: 12, weight: 2.5, labels: { b: { note: x }, a: { note: y } }, way: { by: ship, port: Hull } }'), {
      checked: { parcel: { to: '12', weight: 2.5, labels: new Map([['b', { note: 'x' }], ['a', { note: 'y' }]]), way: { by: 'ship', port: 'Hull' } } },
      messages: []
    })
  })
  t.test('leaves out what is invalid, and a member of a union as a whole', async t => {
    t.same(check('{ to: x, weight: 99, way: { by: ship, part: Hull } }').checked, { parcel: { to: 'x' } })
  })
  t.test('needs no tag to recognise the only map of a union', async t => {
    t.same(check('{ to: x, insured: no }').checked, { parcel: { to: 'x', insured: 'no' } })
    t.same(check('{ to: x, insured: { value: 3 } }').checked, { parcel: { to: 'x', insured: { value: 3 } } })
    t.same(check('{ to: x, insured: { value: 30 } }'), { checked: { parcel: { to: 'x' } }, messages: ['1:36: parcel.insured.value: expected a whole number from 1 to 9, received 30'] })
    t.same(messagesAbout('{ to: x, insured: yes }'), ['1:27: parcel.insured: expected no or a map like { value: 3 }, received "yes"'])
    t.same(messagesAbout('{ to: x, insured: [3] }'), ['1:27: parcel.insured: expected no or a map like { value: 3 }, received a list'])
  })
  t.test('takes hints from the vocabulary', async t => {
    t.same(messagesAbout('{ to: x, weight: heavy }'), ['1:26: parcel.weight: expected a number from 0 to 30, received "heavy"; weigh it'])
    t.same(messagesAbout('{ to: x, from: y }'), ['1:18: parcel: unknown key "from"; it belongs to the sender'])
    t.same(messagesAbout('{ to: x, "weight:3": y }'), ['1:18: parcel: a space is missing after the colon: write weight: …'])
    t.same(messagesAbout('{ to: x, labels: {} }'), ['1:26: parcel.labels: expected a map of labels, received an empty map; for example fragile: {}'])
    t.same(messagesAbout('{ to: x, labels: { A: { note: x } } }'), ['1:28: parcel.labels: the label "A" may hold letters, digits, - and _, at most 64 of them; write A:'])
  })
  t.test('shows no secret, and fills nothing into text that must be literal', async t => {
    t.same(messagesAbout('{ to: x, pin: 12345 }'), ['1:23: parcel.pin: expected a whole number from 0 to 9999, received something else, which is not shown'])
    t.notMatch(messagesAbout('{ to: x, weight: "${PIN}" }'), /77777/)
    t.same(messagesAbout('{ to: "${PIN}" }'), ["1:15: parcel.to: the postman reads it; a literal '${' is written '$${'"])
  })
})
