import t from 'tap'
import { newProbes, readAnnouncements } from '../../src/discovery/announcement.js'
import { parseXml } from '../../src/xml/parse.js'

const probes = newProbes()

/** As a camera of Hikvision writes it, with other prefixes than ours. */
const answer = (matches: string, id = probes[1]!.id) => '<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:wsadis="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
  `xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><env:Header><wsadis:RelatesTo>urn:uuid:${id}</wsadis:RelatesTo></env:Header><env:Body><d:ProbeMatches>${matches}</d:ProbeMatches></env:Body></env:Envelope>`
const match = ({ types = 'dn:NetworkVideoTransmitter tds:Device', scopes = '', services = 'http://192.0.2.1/onvif/device_service' } = {}) => '<d:ProbeMatch><wsadis:EndpointReference><wsadis:Address>urn:uuid:1-2-3</wsadis:Address></wsadis:EndpointReference>' +
  `<d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${services}</d:XAddrs></d:ProbeMatch>`

t.test('a probe asks for the older type and for the newer one', async t => {
  t.same(probes.map(({ message }) => parseXml(message).children.at(-1)!.children[0]!.children.map(({ text }) => text)), [['dn:NetworkVideoTransmitter'], ['tds:Device']])
})

t.test('an answer', async t => {
  t.test('names the device and where it is asked further', async t => {
    const scopes = 'onvif://www.onvif.org/type/video_encoder\n onvif://www.onvif.org/name/Yard%20%26%20barn onvif://www.onvif.org/hardware/DS-2CD2042WD'
    t.same(readAnnouncements(answer(match({ scopes, services: 'http://192.0.2.1/onvif/device_service http://[fe80::1]/onvif/device_service' })), probes), [{
      endpoint: 'urn:uuid:1-2-3', name: 'Yard & barn', model: 'DS-2CD2042WD', services: ['http://192.0.2.1/onvif/device_service', 'http://[fe80::1]/onvif/device_service']
    }])
  })
  t.test('may name several devices, and lack nearly everything', async t => {
    t.same(readAnnouncements(answer(match() + match({ types: '' }) + '<d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types></d:ProbeMatch>'), probes).map(({ name, services }) => [name, services.length]), [['', 1], ['', 1], ['', 0]])
  })
  t.test('to somebody else\'s probe, or of a printer, announces nothing', async t => {
    t.same(readAnnouncements(answer(match(), '00000000-0000-0000-0000-000000000000'), probes), [])
    t.same(readAnnouncements(answer(match({ types: 'wprt:PrintDeviceType', services: 'http://192.0.2.1:80/wsd' })), probes), [])
  })
  t.test('shows no control characters', async t => {
    t.same(readAnnouncements(answer(match({ scopes: 'onvif://www.onvif.org/name/%1b%5b31mred%0a%e2%80%aeback onvif://www.onvif.org/hardware/%zz' })), probes).map(({ name, model }) => [/[^ -~]/.test(name), model]), [[false, '%zz']])
  })
  t.test('that is no XML, or too long, is refused', async t => {
    for (const text of ['', 'garbage', answer(match()).slice(0, 300), answer(match({ scopes: 'x'.repeat(20_000) }))]) t.throws(() => readAnnouncements(text, probes), { code: 'XML_SYNTAX' })
  })
})
