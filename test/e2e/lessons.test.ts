import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { signLink } from '../../src/access/link.js'
import { basic, bearer, exchange, GATE, LINK_KEY, passwordOf, startClosed, VAULT } from './closed-service.js'
import { secret } from './credentials.js'
// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { leaksIn } from './leaks.mjs'
import { childrenOf } from './processes.js'

/** What went wrong in other programs of this kind; the names say where. Those about other sites are in sites.test.ts, those about addresses in spellings.test.ts. */
t.test('the lessons of other programs', { timeout: 120_000 }, async t => {
  const script = '<img src=x onerror=alert(1)>'
  const closed = await startClosed(t, { cameras: { odd: { name: script, source: 'http://127.0.0.1:9/odd', enabled: false } } })
  const { service, config, ask, status, port } = closed
  const now = Math.floor(Date.now() / 1_000)
  const link = (path: string, { sub = 'olga', endsInSeconds = 600 } = {}) => signLink(path, { kid: 'k1', sub, iat: now - 7_200, exp: now + endsInSeconds }, LINK_KEY)
  const post = { method: 'POST' } as const

  t.test('script through stream names (go2rtc CVE-2024-29191, CVE-2024-29193)', async t => {
    const written = encodeURIComponent(script)
    for (const path of [`/camera/${written}`, `/status/${written}`, `/${written}`, `/stop/${written}`, `/camera/gate?rendition=${written}`, `/camera/gate?fps=${written}`, '/status', '/status/odd', '/camera/odd/snapshot', `/sessions/revoke?user=${written}`]) {
      for (const accept of ['*/*', 'text/html', 'application/json']) {
        const answer = await ask(path, 'ada', { headers: { accept, 'sec-fetch-site': 'cross-site' }, ...path.startsWith('/sessions') && post })
        const type = answer.headers.get('content-type')
        t.match(answer.headers.get('content-security-policy'), /^default-src 'none'/, path)
        t.equal(answer.headers.get('x-content-type-options'), 'nosniff', path)
        t.ok(type === 'image/jpeg' || type?.startsWith('application/json') || type?.startsWith('text/html'), `${path}: ${type}`)
        if (type?.startsWith('text/html')) t.notMatch(await answer.text(), '<img', 'the page with one button')
      }
    }
    for (const query of [`src=${written}`, `base.js=${written}`, `name=${written}`]) t.notMatch(await (await ask(`/?${query}`)).text(), /onerror/, 'the page repeats nothing of its address')
  })

  t.test('cryptominers by open APIs (go2rtc 1878, 2155): an administrator cannot add a command either', async t => {
    const [file, taken] = [readFileSync(config, 'utf8'), join(dirname(config), 'taken')]
    const command = `/usr/bin/touch ${taken}`
    const [yaml, json] = [`streams: { miner: "exec:${command}" }\n`, { source: { type: 'exec', command: command.split(' ') }, url: `exec:${command}` }]
    const bodies: Array<[string, string]> = [
      ['application/yaml', yaml], ['application/json', JSON.stringify({ cameras: { miner: json }, ...json })], ['application/x-www-form-urlencoded', `src=exec:${encodeURIComponent(command)}`],
      ['multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data; name="file"; filename="cameras.yaml"\r\n\r\n${yaml}\r\n--x--\r\n`]
    ]
    const src = ['exec:', 'echo:', 'expr:', 'ffmpeg:', 'pipe:', 'file://'].map(scheme => `src=${encodeURIComponent(scheme + command)}`)
    const paths = ['/api/config', '/api/streams', '/api/restart', '/config', '/config/save', '/api/config/save', '/cameras', '/cameras/miner', '/camera/miner', '/camera/gate', '/start/gate', '/restart/gate', '/start/miner', '/status', '/', '/cameras.yaml', `/start/${encodeURIComponent(`exec:${command}`)}`]
    await Promise.all(paths.flatMap(path => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap(method => src.slice(0, method === 'GET' ? 6 : 2).flatMap(async (query, n) => {
      if (method === 'GET' && path === '/camera/gate') return // a stream
      const [type, body] = bodies[(n + method.length) % bodies.length]!
      const answer = await ask(`${path}?${query}`, 'ada', { method, ...method !== 'GET' && { body, headers: { 'content-type': type } } })
      if (!['/start/gate', '/restart/gate', '/status', '/'].includes(path)) t.ok([404, 405, 414].includes(answer.status), `${method} ${path}: ${answer.status}`)
      await answer.arrayBuffer()
    }))))
    t.notOk(existsSync(taken))
    t.equal(readFileSync(config, 'utf8'), file)
    t.same(Object.keys((await status()).cameras), [VAULT.id, GATE.id, 'odd'])
    t.same(childrenOf(service.pid).filter(({ command }) => command.includes('touch')), [])
  })

  t.test('secrets shown by one route and masked by another (go2rtc 2298)', async t => {
    const paths = ['/', '/main.js', '/status', '/status/vault', '/status/odd', '/camera/vault/snapshot', '/camera/odd/snapshot', '/camera/none', '/session', '/health/ready', '/health/live', '/nothing', '/config', '/api/config', '/cameras.yaml', '/docs', '/openapi.json', '/metrics', '/log', '/api/log', '/events', '/wall', '/%', '/camera/vault?fps=x']
    const heard: string[] = []
    for (const who of [undefined, 'anna', 'ada'] as const) {
      for (const [path, init] of [...paths.map(path => [path, {}] as const), ...['/start/vault', '/restart/vault', '/stop/odd', '/start/odd', '/session', '/sessions/revoke?user=nobody'].map(path => [path, post] as const)]) {
        const answer = await ask(path, who, { ...init, headers: { accept: 'application/json' } })
        const headers = [...answer.headers].filter(([name]) => name !== 'set-cookie')
        heard.push(`${who} ${path} ${JSON.stringify(headers)} ${path === '/events' && answer.ok ? await beginningOf(answer) : Buffer.from(await answer.arrayBuffer()).toString('latin1')}`)
      }
      await ask('/stop/odd', 'ada', post)
    }
    for (const proof of [basic('ada', secret('wrong')), basic(secret('nobody')), await bearer({ sub: secret('x'), right: secret('y') }), { cookie: `app_token=${secret('z')}` }]) {
      heard.push(await (await ask('/status', undefined, { headers: proof })).text())
    }
    heard.push(await (await ask(link('/camera/vault/snapshot').replace(/sig=\w{4}/, 'sig=AAAA'), undefined, { headers: { accept: 'application/json' } })).text())
    const signed = link('/camera/vault')
    for (const path of ['/camera/%ff', `/camera/${'a'.repeat(300)}`, '/nothing', '/status']) heard.push(await (await ask(signed.replace('/camera/vault', path))).text())
    heard.push(await exchange(port, `GET ${signed.replace('/camera/vault', '/%')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`))
    t.equal(heard.length, 3 * 30 + 10)
    t.same(heard.flatMap(text => leaksIn(text)), [])
    t.match(heard.join('\n'), /Vault of the bank/, 'a name is no secret')
    t.same(leaksIn(service.log.map(line => JSON.stringify(line)).join('\n') + service.stderr), [])
  })

  t.test('authorization forgotten in a cache (Frigate): no answer to somebody is kept for another', async t => {
    const paths = ['/status', '/status/gate', '/status/vault', '/camera/gate/snapshot', '/camera/vault/snapshot', '/camera/odd/snapshot', '/camera/none', '/camera/gate?fps=wrong', '/status/none', link('/camera/gate/snapshot'), link('/camera/gate/snapshot', { endsInSeconds: -60 }), '/session']
    for (const path of paths) {
      for (const who of [undefined, 'anna', 'ada'] as const) {
        const answer = await ask(path, who)
        await answer.arrayBuffer()
        t.match(answer.headers.get('cache-control'), /\bno-store\b/, `${who} ${path} ${answer.status}`)
      }
    }
    for (const who of [undefined, 'anna', 'ada'] as const) {
      for (const path of ['/camera/gate', '/video_feed']) t.match((await ask(path, who, { method: 'HEAD' })).headers.get('cache-control'), /\bno-store\b/, `${who} ${path}`)
      for (const path of ['/start/gate', '/stop/odd', '/stop/vault?x', '/sessions/revoke?user=nobody']) {
        if (who === 'ada' && path.startsWith('/stop/vault')) continue
        t.match((await ask(path, who, post)).headers.get('cache-control'), /\bno-store\b/, `${who} POST ${path}`)
      }
    }
    for (const path of ['/', '/main.js']) {
      const answers = await Promise.all(([undefined, 'anna', 'ada'] as const).map(async who => await (await ask(path, who)).text()))
      t.equal(new Set(answers).size, 1, `${path} is a file, the same for everybody`)
      t.notMatch(answers[0], new RegExp(`${VAULT.name}|${GATE.name}`))
    }
  })

  t.test('media served past the access list (ZoneMinder CVE-2026-54258, Frigate CVE-2026-33470)', async t => {
    const own: Record<string, Record<string, string>> = {
      'a password': basic('anna'),
      'a token': await bearer({ sub: 'anna' }),
      'a token that names its cameras': await bearer({ sub: 'olga', cameras: [GATE.id] }),
      'a token in a cookie': { cookie: `app_token=${(await bearer({ sub: 'anna' })).authorization!.slice('Bearer '.length)}` }
    }
    for (const [proof, headers] of Object.entries(own)) {
      for (const [path, method, accept = 'application/json'] of [['/camera/ID', 'GET'], ['/camera/ID', 'GET', 'image/*'], ['/camera/ID/snapshot', 'GET', 'image/*'], ['/camera/ID', 'HEAD'], ['/camera/ID/snapshot', 'GET'], ['/camera/ID/snapshot', 'HEAD'], ['/camera/ID/snapshot?rendition=small', 'GET'], ['/status/ID', 'GET'], ['/camera/ID?rendition=auto', 'GET'], ['/camera/ID?fps=wrong', 'GET']] as Array<[string, string, string?]>) {
        const [foreign, missing] = await Promise.all([VAULT.id, 'wrong'].map(async id => {
          const answer = await ask(path.replace('ID', id), undefined, { method, headers: { accept, ...headers } })
          return { status: answer.status, headers: [...answer.headers].filter(([name]) => name !== 'date' && name !== 'content-length'), text: (await answer.text()).replaceAll(id, 'ID') }
        }))
        t.equal(foreign!.status, 404, `${proof}: ${method} ${path}`)
        t.same(foreign, missing, 'the same answer as for a camera that does not exist')
      }
      for (const path of ['/camera/gate/snapshot?id=vault', '/camera/gate/snapshot?camera=vault', '/camera/gate/snapshot?src=vault', '/camera/gate/snapshot?eid=vault&rendition=']) {
        const bytes = Buffer.from(await (await ask(path, undefined, { headers })).arrayBuffer())
        if (bytes.includes('ffd8ff', 0, 'hex')) t.equal(widthIn(bytes), GATE.width, `${proof}: ${path}`)
      }
      const { cameras } = await (await ask('/status', undefined, { headers })).json() as { cameras: object }
      t.same(Object.keys(cameras), [GATE.id], proof)
      const stream = await ask('/video_feed', undefined, { headers })
      const { value } = await stream.body!.getReader().read()
      t.equal(widthIn(Buffer.from(value!)), GATE.width, `${proof}: the first camera is the first that they may see`)
    }
    const signed = link('/camera/gate/snapshot', { sub: 'anna' })
    t.equal((await ask(signed)).status, 200)
    for (const path of [signed.replace('gate', 'vault'), signed.replace('/gate/', '/gate%2f..%2fvault/'), signed.replace('/snapshot', ''), `${signed}&id=vault`, signed.replace('sub=anna', 'sub=ada'), signed.replace('/camera/gate/snapshot', '/status'), link('/camera/vault/snapshot', { sub: 'anna' })]) {
      t.ok([401, 404].includes((await ask(path)).status), path.replace(/sig=.*/, ''))
    }
  })

  t.test('absolute paths (motionEye), and files past the page', async t => {
    const name = basename(config)
    for (const file of ['/etc/passwd', config, join(dirname(config), name), '/proc/self/environ', '/proc/self/cmdline']) {
      for (const form of [file, `/camera/gate/${file}`, `/camera/gate/snapshot/${file}`, `/camera/${encodeURIComponent(file)}/snapshot`, `/${encodeURIComponent(file)}`, `/main.js/../../../..${file}`, `//${file}`, `/camera/gate/..${'/..'.repeat(9)}${file}`, `file://${file}`, `/?base.js=${file}`, `/?file=${encodeURIComponent(file)}`]) {
        const answer = await exchange(port, `GET ${form} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${basic('ada').authorization}\r\n\r\n`)
        t.notMatch(answer, /root:|"?cameras"?: ?\{|PATH=|cameras\.yaml"|--config/, form)
        if (!form.startsWith('/?')) t.match(answer, /^HTTP\/1\.1 (?:400|404|414) /, form)
      }
    }
  })

  t.test('bans caused by stale <img> URLs (Home Assistant core 70057, 25185)', async t => {
    const stale = [link('/camera/gate', { endsInSeconds: -3_600 }), link('/camera/gate/snapshot', { endsInSeconds: -3_600 }), '/camera/gate/snapshot']
    const cookies: Array<Record<string, string>> = [{}, { cookie: `camgate_${port}=${'s'.repeat(43)}; app_token=${(await bearer({ sub: 'anna' }, -3_600)).authorization!.slice('Bearer '.length)}` }]
    const statuses = new Set<number>()
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 25 }, async (_, n) => {
        const answer = await ask(stale[n % 3]!, undefined, { headers: { accept: 'image/*', 'user-agent': 'Mozilla/5.0', ...cookies[n % 2] } })
        statuses.add(answer.status)
        t.equal(answer.headers.get('retry-after'), null)
        await answer.arrayBuffer()
      }))
    }
    t.same([...statuses], [401])
    const login = await ask('/session', 'anna', post)
    t.equal(login.status, 200, 'from the same address, at once')
    t.match(await login.json(), { user: 'anna' })
    t.equal((await ask('/camera/gate/snapshot', 'anna')).status, 200)
    t.equal((await ask(link('/camera/gate/snapshot'))).status, 200)
    for (let tries = 0; tries < 12; tries++) await ask('/session', undefined, { ...post, headers: basic('nobody', passwordOf(`guess ${tries}`)) })
    t.equal((await ask('/session', undefined, { ...post, headers: basic('nobody') })).status, 429, 'though wrong passwords do count')
  })

  t.test('show no defect', async t => t.same(service.log.filter(({ level }) => level >= 50), []))
})

/** The width in the header of the first JPEG. */
function widthIn (bytes: Buffer): number {
  const header = bytes.indexOf('ffc0', 0, 'hex')
  return header < 0 ? 0 : bytes.readUInt16BE(header + 7)
}

/** The first bytes of an answer that does not end. */
async function beginningOf (answer: Response): Promise<string> {
  const reader = answer.body!.getReader()
  const { value = [] } = await reader.read()
  await reader.cancel()
  return Buffer.from(value).toString('latin1')
}
