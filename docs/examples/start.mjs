#!/usr/bin/env node
// Starts an example together with camgate: `node start.mjs flask`. Makes the keys that both share, and a password; Ctrl+C ends both.
// With CAMGATE_URL set, the example uses the camgate there; then CAMGATE_LINK_KEY and CAMGATE_JWT_SECRET have to be those of its cameras.yaml.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const here = import.meta.dirname
const secret = (bytes = 32) => randomBytes(bytes).toString('base64url')

const { values: options, positionals: [name] } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '8000' },
    'camgate-port': { type: 'string', default: '5000' },
    camgate: { type: 'string', default: `npm start --silent --prefix "${join(here, '../..')}" --` } // a command line for the shell
  }
})
const { port, 'camgate-port': camgatePort } = options
const applications = {
  flask: ['python3', '-m', 'flask', 'run', '--port', port],
  fastapi: ['python3', '-m', 'uvicorn', 'app:app', '--port', port],
  express: ['node', '--import', 'tsx', 'server.js'],
  html: ['python3', '-m', 'http.server', port, '--bind', '127.0.0.1']
}
if (!Object.hasOwn(applications, name)) {
  console.error(`Name one of the examples: node start.mjs ${Object.keys(applications).join('|')}`)
  process.exit(64)
}

const env = {
  CAMGATE_LINK_KEY: secret(),
  CAMGATE_JWT_SECRET: secret(),
  CAMGATE_URL: `http://127.0.0.1:${camgatePort}`, // for the application
  CAMGATE_PUBLIC_URL: `http://localhost:${camgatePort}`, // for browsers
  CAMGATE_ORIGINS: `http://localhost:${port},http://127.0.0.1:${port}`,
  SESSION_SECRET: secret(),
  DEMO_PASSWORD: secret(9),
  ...process.env,
  PORT: port,
  PYTHONPATH: join(here, '../signing')
}
const [program, ...args] = applications[name]
const children = [spawn(program, args, { cwd: join(here, name), env, stdio: 'inherit' })]
if (!process.env.CAMGATE_URL) {
  const own = join(here, name, 'cameras.yaml')
  const config = existsSync(own) ? own : join(here, 'cameras.yaml')
  children.push(spawn(`exec ${options.camgate} serve --config "${config}" --port ${camgatePort}`, { env, stdio: 'inherit', shell: true }))
}
console.log(`Open http://localhost:${port}/${name === 'html' ? '' : ` and log in as anna, ben or carl. The password of all is ${env.DEMO_PASSWORD}`}`)

let isEnding = false
const end = () => {
  isEnding = true
  for (const child of children) child.kill()
}
for (const child of children) {
  child.on('error', error => { console.error(error.message) })
  child.on('close', code => {
    if (!isEnding && code !== 0) process.exitCode = 1
    end() // neither is of use alone
  })
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end)
