import t from 'tap'
import { pages, withoutBlocks } from './blocks.js'

/** Links to other hosts, outside of code. They are not fetched: no test asks a machine that is not ours. */
const external = pages.flatMap(page => [...withoutBlocks(page).replace(/`[^`\n]*`/g, '').matchAll(/\]\((\w+:[^)\s]*)\)/g)].map(([, url]) => ({ page, url: url! })))

function faultOf (url: string): string | undefined {
  const { protocol, hostname, username, search } = new URL(url)
  if (/^(localhost|127\.0\.0\.1)$/.test(hostname)) return protocol === 'http:' ? undefined : 'what a reader starts here speaks http'
  if (protocol !== 'https:') return 'it is not https'
  if (username !== '') return 'it has a user in it'
  if (!/^([a-z\d-]+\.)+[a-z]{2,}$/.test(hostname)) return 'its host is no name of the internet'
  return /[?&](utm_|fbclid|gclid)/.test(search) ? 'it tells the site where its reader comes from' : undefined
}

t.test('links to other hosts are well formed', async t => {
  t.ok(external.length > 20)
  t.same(external.map(({ page, url }) => [page, url, faultOf(url)]).filter(([, , fault]) => fault !== undefined), [])
})

t.test('one page of another host has one address', async t => {
  const urls = [...new Set(external.map(({ url }) => url.split('#')[0]!))]
  const place = (url: string) => url.replace(/\/$/, '').toLowerCase()
  t.same(urls.filter(url => urls.some(other => other !== url && place(other) === place(url))), [])
})
