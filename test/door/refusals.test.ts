import t from 'tap'
import { wordsJpeg } from '../fake-launch.js'
import { build } from '../http/build.js'
import { basic, withUsers } from './guarded.js'

const IMG = { accept: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8' }
const ADDRESS_BAR = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8' }
const ADDRESSES = ['/camera/ID', '/camera/ID/snapshot', '/camera/ID?rendition=auto', '/camera/ID?fps=wrong']

t.test('an <img> of a camera that somebody may not see', async t => {
  const { app, played } = await withUsers(t)
  const ask = async (url: string, headers: Record<string, string>) => {
    const { statusCode, headers: { date, ...others }, rawPayload } = await app.inject({ url, headers: { ...basic('anna'), ...headers } })
    return { statusCode, headers: others, rawPayload }
  }

  t.test('shows that there is no such camera, or that they may not see it', async t => {
    for (const address of ADDRESSES) {
      const answer = await ask(address.replace('ID', '1'), IMG)
      t.match(answer, { statusCode: 404, headers: { 'content-type': 'image/jpeg', vary: /Accept/, 'cache-control': 'no-store' } }, address)
      t.ok(answer.rawPayload.equals(wordsJpeg))
    }
    t.match(played.drawn, [{ title: 'There is no such camera here,', paragraphs: ['or you may not see it.'] }], 'drawn once, whichever it is')
  })
  t.test('is answered in the same way, to the byte, if there is no such camera', async t => {
    for (const address of ADDRESSES) {
      for (const headers of [IMG, { 'sec-fetch-dest': 'image' }] as Array<Record<string, string>>) {
        t.same(await ask(address.replace('ID', 'none'), headers), await ask(address.replace('ID', '1'), headers), address)
      }
    }
    t.equal(played.drawn.length, 1)
  })
  t.test('says in words which cameras there are to programs, and to people who open the address', async t => {
    for (const headers of [{ accept: '*/*' }, { accept: 'application/json' }, ADDRESS_BAR, { ...ADDRESS_BAR, 'sec-fetch-dest': 'document' }] as Array<Record<string, string>>) {
      const { statusCode, rawPayload } = await ask('/camera/1', headers)
      t.match({ statusCode, ...JSON.parse(rawPayload.toString()) }, { statusCode: 404, code: 'CAMERA_NOT_FOUND', message: 'There is no camera "1". The cameras are: 2.' }, JSON.stringify(headers))
    }
  })
})

t.test('an <img> with the name of a rendition that there is not shows that; a person reads the names', async t => {
  const { app, played } = await withUsers(t)
  const ask = (headers: Record<string, string>) => app.inject({ url: '/camera/2?rendition=big', headers: { ...basic('anna'), ...headers } })
  t.match(await ask(IMG), { statusCode: 404, headers: { 'content-type': 'image/jpeg' } })
  t.match(played.drawn, [{ title: 'This camera has no picture of that name.' }])
  t.match((await ask(ADDRESS_BAR)).json(), { code: 'RENDITION_NOT_FOUND', message: /It has: full, auto/ })
})

t.test('an <img> of the first camera says so too where somebody sees none', async t => {
  const { app } = await build(t, [])
  t.match(await app.inject({ url: '/video_feed', headers: IMG }), { statusCode: 404, headers: { 'content-type': 'image/jpeg' } })
  t.match((await app.inject({ url: '/status/1', headers: IMG })).json(), { code: 'CAMERA_NOT_FOUND' }, 'where nothing shows pictures, there is none')
})
