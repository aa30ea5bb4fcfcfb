import axe from 'axe-core'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'

/** What axe-core finds on the page as it is now, light and dark. Colours are judged once, without the transitions in which they change. */
export async function noViolations (t: Test, page: Page, what: string) {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(`typeof axe === 'undefined' && ${axe.source}`)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = await page.evaluate("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => html + ' ' + failureSummary)].join(' | ')))")
    t.same(violations, [], `${what}, ${colorScheme}`)
  }
}
