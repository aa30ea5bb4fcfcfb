import t from 'tap'
import { clockOf, presetsOf, profilesOf } from '../../src/onvif/answers.js'
import { usernameToken } from '../../src/onvif/soap.js'
import { parseXml } from '../../src/xml/parse.js'

const timeOf = (year: number, month: number) =>
  clockOf(parseXml(`<a><UTCDateTime><Date><Year>${year}</Year><Month>${month}</Month><Day>13</Day></Date><Time><Hour>0</Hour><Minute>0</Minute><Second>0</Second></Time></UTCDateTime></a>`))

t.test('a camera that says it is', async t => {
  t.test('in a year that no date can hold says no time', async t => {
    for (const [year, month] of [[275_760, 9], [9_998, 3_189_129], [0, 1]] as const) t.equal(timeOf(year, month), undefined, `${year}-${month}`)
    t.equal(timeOf(1970, 1), Date.UTC(1970, 0, 13))
    t.doesNotThrow(() => usernameToken({ username: 'a', password: 'b' }, timeOf(9_998, 12)! + 1e9))
  })
  t.test('something that moves a cursor is shown without it', async t => {
    const escape = '\u001b[2J\n'
    t.equal(profilesOf(parseXml(`<a><Profiles token="1"><VideoEncoderConfiguration><Encoding>H264${escape}!</Encoding></VideoEncoderConfiguration></Profiles></a>`))[0]?.codec, 'H264 [2J !')
    t.match(presetsOf(parseXml(`<a><Preset token="1"><Name>Gate${escape}${'x'.repeat(100_000)}</Name></Preset></a>`)), [{ token: '1', name: /^Gate \[2J x{54}…$/ }])
  })
})
