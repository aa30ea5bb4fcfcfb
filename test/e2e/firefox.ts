import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'
import { until } from './until.js'

const NAMES = ['firefox-esr', 'firefox']
const found = process.env.FIREFOX_PATH ?? (process.env.PATH ?? '').split(delimiter).flatMap(folder => NAMES.map(name => join(folder, name))).find(existsSync)

/** Why the tests that need Firefox are skipped; false if they are not. */
export const noFirefox: string | false = !found && 'NOT TESTED: there is no Firefox in PATH. Install it (apt-get install firefox-esr) or set FIREFOX_PATH.'

/** Marionette on any free port, and no connections except to the page's server. */
const PREFERENCES = {
  'marionette.port': 0,
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  'network.proxy.type': 0,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.server': ''
}

interface Call { resolve (result: { value: unknown }): void, reject (error: Error): void }

/**
 * Drives a stock Firefox, which Playwright cannot do, by Marionette: JSON over TCP, each message after its length.
 * https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
 */
export class Firefox {
  readonly #socket: Socket
  readonly #calls = new Map<number, Call>()
  #unread = Buffer.alloc(0)
  #count = 0

  constructor (socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk])
      while (this.#read());
    })
    socket.on('close', () => { for (const { reject } of this.#calls.values()) reject(new Error('Firefox has closed the connection')) })
  }

  call (name: string, parameters: object = {}): Promise<{ value: unknown }> {
    const id = ++this.#count
    const message = JSON.stringify([0, id, name, parameters])
    this.#socket.write(`${Buffer.byteLength(message)}:${message}`)
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }))
  }

  /** Does not wait for the page, because a stream never finishes loading. */
  async open (url: string): Promise<void> {
    await this.call('WebDriver:Navigate', { url: 'about:blank' })
    await this.evaluate(`location.href = ${JSON.stringify(url)}`)
  }

  /** Opens an address as if a person had typed it. */
  async type (url: string): Promise<void> {
    await this.call('WebDriver:Navigate', { url })
  }

  /** Evaluates an expression in the page; undefined while the page changes. */
  async evaluate (expression: string): Promise<unknown> {
    return await this.call('WebDriver:ExecuteScript', { script: `return ${expression}`, args: [] }).then(({ value }) => value, () => undefined)
  }

  #read (): boolean {
    const colon = this.#unread.indexOf(':')
    const end = colon + 1 + Number(this.#unread.toString('latin1', 0, colon))
    if (colon < 0 || this.#unread.length < end) return false
    const message = JSON.parse(this.#unread.toString('utf8', colon + 1, end))
    this.#unread = this.#unread.subarray(end)
    if (!Array.isArray(message)) return true // its greeting
    const [, id, error, result] = message
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    if (error) call?.reject(new Error(`Firefox: ${error.message}`))
    else call?.resolve(result)
    return true
  }
}

/** Opens Firefox with a fresh profile; it ends with the test. `names` are host names that lead to this machine. */
export async function openFirefox (t: Test, names: readonly string[] = []): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'camgate-firefox-'))
  writeFileSync(join(profile, 'user.js'), Object.entries({ ...PREFERENCES, 'network.dns.localDomains': names.join(',') }).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`).join(''))
  const child = spawn(found!, ['--headless', '--no-remote', '--marionette', '--profile', profile], { stdio: 'ignore', env: { ...process.env, HOME: profile } })
  t.teardown(async () => {
    await end(child)
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  const port = () => existsSync(join(profile, 'MarionetteActivePort')) ? Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8')) : 0
  await until('Firefox listens', () => port() > 0, 60_000)
  const socket = connect(port(), '127.0.0.1')
  await once(socket, 'connect')
  const firefox = new Firefox(socket)
  await firefox.call('WebDriver:NewSession', { acceptInsecureCerts: true })
  return firefox
}

async function end (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  const hung = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await once(child, 'exit')
  clearTimeout(hung)
}
