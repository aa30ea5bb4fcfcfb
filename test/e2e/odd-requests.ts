/** Requests that are refused, and the answers to them. */
export function nonsense (): Array<{ request: string, status: number, answered?: RegExp }> {
  const ask = (path: string, method = 'GET', more = '') => `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n`
  const files = [
    '/../../etc/passwd', '/../../../../../../../../etc/passwd', '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/..\\..\\..\\etc\\passwd', '//etc/passwd', '/%00', '/index.html%00', '/main.js%00.html', '/../package.json', '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json', '/./../package.json', '/tsconfig.json', '/.git/config', '/main.js/../../package.json', '/file:///etc/passwd'
  ]
  const ids = ['..', '%2e%2e', '..%2f..%2fetc%2fpasswd', '%00', 'small%00', 'small%2fsnapshot', '__proto__', 'constructor', '%0d%0aX-A:%20b', 'none']
  const rates = ['0', '-1', '-0', 'NaN', '1e9', 'abc', '', 'Infinity', '-Infinity', '60.01', '1e-320', '1,5', '5&fps=5', '%00', 'null']
  return [
    ...files.map(path => ({ request: ask(path), status: 404, answered: /"code":"NOT_FOUND".*"message":"There is nothing at GET/ })),
    ...ids.flatMap(id => [`/camera/${id}`, `/camera/${id}/snapshot`, `/status/${id}`]).map(path =>
      ({ request: ask(path), status: 404, answered: /"CAMERA_NOT_FOUND".*The cameras are: small, large, off\./ })),
    ...['/%', '/camera/%ff', '/camera/%zz/snapshot'].map(path => ({ request: ask(path), status: 400, answered: /"message":".*not a valid url/ })),
    { request: ask(`/camera/${'a'.repeat(5_000)}`), status: 414 },
    ...rates.flatMap(fps => [`/camera/small?fps=${fps}`, `/video_feed?fps=${fps}`, `/camera/off?fps=${fps}`]).map(path =>
      ({ request: ask(path), status: 400, answered: /"message":".*fps must be/ })),
    { request: ask('/camera/small?fps'), status: 400, answered: /fps must be/ },
    ...['PUT', 'DELETE', 'PATCH', 'POST', 'TRACE'].map(method =>
      ({ request: ask('/camera/small', method), status: 405, answered: new RegExp(`allow: GET, HEAD.*"${method} is not for this address`, 's') })),
    { request: ask('/camera/small', 'PROPFIND'), status: 404 },
    ...['FOO', 'get'].map(method => ({ request: ask('/camera/small', method), status: 400 })),
    { request: ask('/stop/small', 'HEAD'), status: 405 },
    { request: ask('/status', 'GET', `X-A: ${'a'.repeat(20_000)}\r\n`), status: 431, answered: /"HEADERS_TOO_LARGE".*"message":"/ },
    { request: ask(`/status?${'a'.repeat(20_000)}`), status: 431 },
    { request: 'GET /camera/small HTTP/1.1\r\nConnection: close\r\n\r\n', status: 400 },
    { request: 'GET /status HTTP/1.1\nHost: x\n\n', status: 400 },
    { request: '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', status: 400, answered: /"BAD_REQUEST"/ }, // TLS
    { request: ask('/status', 'GET', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n') + '0\r\n\r\nGET /stop/small HTTP/1.1\r\n\r\n', status: 400 }
  ]
}

/** Requests that are unusual, but answered. */
export const unusual = [
  'GET /camera/small HTTP/1.0',
  'GET /camera/small?fps=60&fsp=0 HTTP/1.1\r\nHost:',
  'GET http://elsewhere/camera/small HTTP/1.1\r\nHost: elsewhere',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nRange: bytes=0-10',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\nnot json!'
]
