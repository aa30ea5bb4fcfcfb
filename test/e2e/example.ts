import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { messageOf } from '../../src/errors.js'
import { packageRoot } from '../../src/package.js'
import { secret } from './credentials.js'
import { startProgram } from './program.js'
import type { Scope } from './service.js'
import { until } from './until.js'

/** Of all users of the examples. */
export const PASSWORD = secret('of all users of the examples')
/** For what depends on how busy the machine is. */
export const PATIENT_MS = 60_000
/** For the option `--camgate`: the camgate that was built here. */
export const CAMGATE = `${process.execPath} ${join(packageRoot, 'dist/main.js')}`

/** A program of docs/examples, copied to `cwd` and started as its README says. */
export interface Example {
  /** Resolves when something is answered at the address. Rejects with all that the example has printed. */
  answers (url: string): Promise<void>
  /** Ctrl+C: resolves with the exit code and what was printed. */
  end (): Promise<{ code: number | null, said: string }>
}

export function startExample (scope: Scope, cwd: string, [program, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv = {}): Example {
  const { child, gone, said } = startProgram(scope, program, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? cwd, '.cache'),
      STATE_DIRECTORY: cwd, // what one test stops must not be stopped in the next one
      PYTHONDONTWRITEBYTECODE: '1',
      DEMO_PASSWORD: PASSWORD,
      ...env
    }
  })
  return {
    answers: url => until(`${url} answers`, async () => await fetch(url).then(() => true, () => false), PATIENT_MS).catch(error => { throw new Error(`${messageOf(error)}\n${said()}`) }),
    async end () {
      child.kill('SIGINT')
      return { code: await gone, said: said() }
    }
  }
}

/** In the form that the page shows. */
export async function logIn (page: Page, user: string, password = PASSWORD): Promise<void> {
  await page.locator('[name=user], [name=username]').fill(user)
  await page.locator('[name=password]').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** Waits until the image is there and all elements are painted. */
export async function live (page: Page, elements: number): Promise<void> {
  const painted = `document.querySelector('img')?.naturalWidth > 0 && [...document.querySelectorAll('camgate-view'), ...document.querySelector('camgate-wall')?.views ?? []]
    .filter(view => view.shadowRoot?.querySelector('.frame')?.dataset.picture === 'live').length === ${elements}`
  await until('the pictures are painted', async () => await page.evaluate(painted).catch(() => false) === true, PATIENT_MS) // it throws while the page is reloaded
    .catch(async error => { throw new Error(`${messageOf(error)}\n${await page.locator('body').innerText()}`) })
}
