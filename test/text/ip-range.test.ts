import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { trustedProxies } from '../../src/access/trusted-proxies.js'
import { everyAddressIn, ipv6Groups, readIpRange } from '../../src/text/ip-range.js'

const every = (...ranges: string[]) => everyAddressIn(ranges.map(range => readIpRange(range)!))

t.test('a range of addresses', async t => {
  t.test('is an address with its bits, or all of them', async t => {
    t.same(readIpRange('10.0.0.0/8'), { address: '10.0.0.0', version: 4, bits: 8 })
    t.same(readIpRange('10.0.0.1'), { address: '10.0.0.1', version: 4, bits: 32 })
    t.same(readIpRange('fd00::/08'), { address: 'fd00::', version: 6, bits: 8 })
    t.same(readIpRange('::1'), { address: '::1', version: 6, bits: 128 })
    for (const text of ['', 'localhost', '10.0.0', '010.0.0.1', '0x0a.0.0.1', '10.0.0.1/', '10.0.0.1/33', '10.0.0.1/-1', '10.0.0.1/8/8', '10.0.0.1:80', ' 10.0.0.1', '10.0.0.1\n', '::1/129', '[::1]', 'fe80::1%eth0', 'fe80::%eth0/64']) t.equal(readIpRange(text), undefined, JSON.stringify(text))
  })
  t.test('of IPv6 has eight groups', async t => {
    for (const [address, groups] of [['::', '0:0:0:0:0:0:0:0'], ['::1', '0:0:0:0:0:0:0:1'], ['FE80::', 'fe80:0:0:0:0:0:0:0'], ['1:2::7:8', '1:2:0:0:0:0:7:8'], ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'], ['::ffff:10.0.0.1', '0:0:0:0:0:ffff:a00:1']] as const) t.equal(ipv6Groups(address).join(':'), groups)
  })
})

t.test('ranges that hold every address that a stranger may have', async t => {
  t.test('are found one by one and together', async t => {
    for (const [wanted, ranges] of [
      ['IPv4', ['0.0.0.0/0']], ['IPv4 and IPv6', ['::/0']], ['IPv6', ['2000::/3']], ['IPv4', ['::ffff:0:0/96']], ['IPv4 and IPv6', ['::/1']], ['IPv4', ['::/3']],
      ['IPv4', ['0.0.0.0/1', '128.0.0.0/1']], ['IPv4', ['128.0.0.0/1', '10.0.0.0/8', '0.0.0.0/1']], ['IPv4', ['0.0.0.0/1', '::ffff:128.0.0.0/97']], ['IPv6', ['2000::/4', '3000::/4']], ['IPv4 and IPv6', ['::/2', '8000::/1']],
      ['IPv4', ['0.0.0.0/2', '64.0.0.0/3', '96.0.0.0/4', '112.0.0.0/5', '120.0.0.0/6', '124.0.0.0/7', '126.0.0.0/8', '128.0.0.0/2', '192.0.0.0/3']]
    ] as const) t.equal(every(...ranges), wanted, ranges.join(' '))
    for (const ranges of [[], ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'], ['0.0.0.0/1', '128.0.0.0/2'], ['0.0.0.0/1', '128.0.0.1/32', '129.0.0.0/8'], ['2000::/4'], ['0.0.0.0/1', '129.0.0.0/8', '130.0.0.0/7', '132.0.0.0/6', '136.0.0.0/5', '144.0.0.0/4', '160.0.0.0/3', '192.0.0.0/2'], ['127.0.0.0/8', '::1']]) t.equal(every(...ranges), '', ranges.join(' '))
  })
  t.test('are those that trust every stranger', async t => {
    const cut = fc.array(fc.integer({ min: 0, max: 0xff }), { minLength: 1, maxLength: 12 })
    /** Halves the ranges at random: they hold the same addresses. */
    const halved = (cuts: number[]) => cuts.reduce((ranges, cut) => {
      const [[first, bits]] = ranges.splice(cut % ranges.length, 1) as [[number, number]]
      return [...ranges, [first, bits + 1], [first + 2 ** (31 - bits), bits + 1]] as Array<[number, number]>
    }, [[0, 0]] as Array<[number, number]>)
    const dotted = (number: number) => [24, 16, 8, 0].map(shift => number / 2 ** shift & 0xff).join('.')
    fc.assert(fc.property(cut, fc.boolean(), fc.nat(), (cuts, mapped, missing) => {
      const ranges = halved(cuts)
      const texts = ranges.map(([first, bits]) => mapped ? `::ffff:${dotted(first)}/${96 + bits}` : `${dotted(first)}/${bits}`)
      assert.equal(every(...texts), 'IPv4')
      const [gap] = ranges[missing % ranges.length]!
      const others = texts.filter((_, index) => index !== missing % ranges.length)
      const trusts = trustedProxies(others)(dotted(gap))
      assert.equal(trusts, false)
      if (gap >= 2 ** 24 && gap >>> 24 !== 127 && gap < 224 * 2 ** 24) assert.equal(every(...others), '', others.join(' '))
    }), { numRuns: 300 })
    t.pass()
  })
})
