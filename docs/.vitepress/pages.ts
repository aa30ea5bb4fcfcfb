/** A page of the site: its file, as the repository names it, and its title in the sidebar if that is not the page's own. */
export type Page = { file: string, title?: string }
export type Section = { title: string, pages: readonly Page[] }

const guide = (...names: string[]): Page[] => names.map(name => ({ file: `docs/guide/${name}.md` }))

/** Every page of the site, in the order of its sidebar. Decisions have a list of their own: docs/decisions/README.md. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Start',
    pages: [{ file: 'docs/index.md', title: 'What camgate is' }, { file: 'docs/start.md' }, { file: 'docs/why-is-it-black.md' }]
  },
  {
    title: 'Guide',
    pages: [
      { file: 'docs/guide.md', title: 'All subjects' },
      ...guide('install', 'first-camera', 'page', 'passwords', 'sources', 'cost', 'renditions', 'picture', 'hardware', 'ptz', 'reading', 'probe', 'users', 'https', 'reverse-proxy', 'slow-links', 'reload', 'running')
    ]
  },
  { title: 'Cameras by maker', pages: [{ file: 'docs/cameras.md' }] },
  {
    title: 'In your pages and programs',
    pages: [{ file: 'docs/embed.md' }, ...guide('django', 'more-than-six', 'programs')]
  },
  {
    title: 'Examples',
    pages: [{ file: 'docs/examples/README.md', title: 'All examples' }, { file: 'docs/examples/django/README.md' }, ...['flask', 'fastapi', 'express', 'html'].map(name => ({ file: `docs/examples/${name}/README.md` }))]
  },
  { title: 'With other programs', pages: ['home-assistant', 'grafana', 'node-red', 'opencv', 'others'].map(name => ({ file: `docs/integrations/${name}.md` })) },
  {
    title: 'Reference',
    pages: [
      { file: 'docs/configuration.md' },
      { file: 'docs/reference/keys.md' },
      { file: 'docs/http.md' },
      { file: 'docs/reference/routes.md' },
      { file: 'docs/cli.md' },
      { file: 'docs/signing/README.md' }
    ]
  },
  {
    title: 'Deploy',
    pages: [
      { file: 'docs/deploy/docker.md' },
      { file: 'docs/deploy/kubernetes.md' },
      { file: 'docs/deploy/linux.md' },
      { file: 'docs/deploy/npm.md' },
      { file: 'docs/proxies/README.md' },
      { file: 'docs/monitoring.md' },
      { file: 'docs/notifications.md' }
    ]
  },
  { title: 'Security', pages: [{ file: 'docs/security.md' }] },
  { title: 'Coming from …', pages: [{ file: 'docs/migrating.md' }, ...['flask', 'go2rtc', 'mediamtx', 'frigate', 'motion'].map(name => ({ file: `docs/migrating/${name}.md` }))] },
  { title: 'Measured', pages: [{ file: 'docs/sizing.md' }, { file: 'docs/benchmarks.md' }] },
  {
    title: 'How it is built',
    pages: [{ file: 'docs/architecture.md' }, { file: 'docs/decisions/README.md' }, { file: 'CONTRIBUTING.md' }, { file: 'CHANGELOG.md' }]
  }
]

/** Where a page's file is on the site: docs/ is its root, and a folder's README its index. */
export function placeOf (file: string): string {
  return file.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md').replace(/^[A-Z]+\.md$/, name => name.toLowerCase())
}
