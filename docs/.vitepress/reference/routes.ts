interface Parameter { readonly name: string, readonly in: string, readonly required?: boolean, readonly description?: string, readonly schema?: { readonly description?: string } }
interface Operation { readonly summary?: string, readonly tags?: readonly string[], readonly parameters?: readonly Parameter[], readonly responses: Readonly<Record<string, { readonly content?: object }>> }
export interface Api { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

const RIGHTS: Readonly<Record<string, string>> = { public: 'nobody has to prove anything', view: '`view`', control: '`control`', admin: '`admin`' }

/** The page of all routes of the API. */
export function routesPage ({ paths }: Api): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })))
  const rows = operations.map(({ method, path, summary = '', tags: [right = ''] = [], parameters = [], responses }) => {
    const query = parameters.filter(parameter => parameter.in === 'query').map(({ name }) => `\`${name}\``)
    const answers = Object.entries(responses).filter(([status]) => /^\d/.test(status)).map(([status, { content = {} }]) => `${status} ${Object.keys(content).filter(type => status < '400' || type !== 'application/json').map(type => `\`${type}\``).join(', ')}`.trim())
    return `| \`${method} ${path}\` | ${summary.replaceAll('|', '\\|')} | ${RIGHTS[right] ?? right} | ${query.join(', ')} | ${answers.join('; ')} |`
  })
  return [
    '# Every route',
    'For looking up: made of the description of the API ([openapi.json](../openapi.json)), by `npm run reference`. [HTTP](../http.md) explains each. An error is JSON with `code` and `message`; any route may answer 401, 403, 421 or 503.',
    ['| route | what | right | query | answers |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
  ].join('\n\n') + '\n'
}
