import t from 'tap'
import { pictureAddresses } from '../../../src/view/page/addresses.js'

const BASE = 'https://cams.example/live/'
const signed = (path: string) => `${BASE}${path}?exp=1&kid=a&sig=b`

t.test('the addresses of a camera\'s pictures', async t => {
  t.test('are below camgate\'s', async t => {
    t.same(pictureAddresses(BASE, '1', {}), { stream: `${BASE}camera/1?rendition=auto`, snapshot: `${BASE}camera/1/snapshot` })
    t.same(pictureAddresses(BASE, '../x?y', {}), { stream: `${BASE}camera/..%2Fx%3Fy?rendition=auto`, snapshot: `${BASE}camera/..%2Fx%3Fy/snapshot` })
  })
  t.test('are no stream with a token, which an <img> does not send', async t => {
    t.same(pictureAddresses(BASE, '1', { token: 'a.b.c' }), { stream: undefined, snapshot: `${BASE}camera/1/snapshot` })
  })
  t.test('are as they were signed', async t => {
    t.same(pictureAddresses(BASE, '1', { link: signed('camera/1') }), { stream: signed('camera/1'), snapshot: undefined })
    t.same(pictureAddresses(BASE, '1', { link: signed('camera/1/snapshot') }), { stream: undefined, snapshot: signed('camera/1/snapshot') })
    t.same(pictureAddresses(BASE, '1', { link: '/live/wall?cameras=1&sig=b' }), { stream: undefined, snapshot: undefined })
  })
})
