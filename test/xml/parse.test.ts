import t from 'tap'
import { findAll, textAt } from '../../src/xml/element.js'
import { escapeXml } from '../../src/xml/escape.js'
import { parseXml } from '../../src/xml/parse.js'

t.test('parseXml', async t => {
  t.test('reads elements by the names after their prefixes', async t => {
    const root = parseXml('\uFEFF<?xml version="1.0"?><a:list xmlns:a="urn:a"><a:item b:token="1"> One </a:item><unknown:item token="2"><![CDATA[<Two>]]></unknown:item></a:list>')
    t.equal(root.name, 'list')
    t.same(findAll(root, 'item').map(({ text, attributes }) => [attributes.get('token'), text]), [['1', 'One'], ['2', '<Two>']])
    t.equal(textAt(root, 'item'), 'One')
    t.equal(textAt(root, 'item', 'none'), '')
  })
  t.test('knows the entities of XML and no others', async t => {
    t.equal(textAt(parseXml('<a><b>&lt;&amp;&#65;&quot;</b></a>'), 'b'), '<&A"')
    t.throws(() => parseXml('<a>&wide;</a>'), { code: 'XML_SYNTAX' })
    t.throws(() => parseXml('<!DOCTYPE a [<!ENTITY wide "wide wide wide">]><a>&wide;</a>'), { code: 'XML_SYNTAX', message: /document type/ })
  })
  t.test('refuses what is no XML, or has no end', async t => {
    for (const text of ['', 'x', '<a>', '<a></b>', '<a b=c/>', '<html><p>It works & so on', '<a/><b/>', '<a hasOwnProperty="1" b="2"/>', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`, `<a>${'<b/>'.repeat(20_001)}</a>`]) {
      t.throws(() => parseXml(text), { code: 'XML_SYNTAX' }, text.slice(0, 30))
    }
  })
  t.test('quotes nothing long', async t => {
    try {
      parseXml(`<a></${'b'.repeat(10_000)}>`)
      t.fail('it is no XML')
    } catch (error) {
      t.ok((error as Error).message.length < 200)
    }
  })
  t.test('takes linear time for what makes regular expressions slow', async t => {
    const started = process.cpuUsage()
    for (const bit of ['xmlns', '<', '&', '<a b="', '<![CDATA[']) t.throws(() => parseXml(`<a>${bit.repeat(100_000)}`), { code: 'XML_SYNTAX' }, bit)
    t.ok(process.cpuUsage(started).user < 20e6, 'quadratic time takes minutes')
  })
})

t.test('escapeXml writes any text so that it is read again', async t => {
  for (const text of ['a&b<c>"d"', 'Hof & Straße', '😀']) t.equal(textAt(parseXml(`<a><b>${escapeXml(text)}</b></a>`), 'b'), text)
  t.equal(escapeXml('a\0b\u001b[31m\ud800'), 'ab[31m')
})
