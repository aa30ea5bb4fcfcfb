<?php
// Signs addresses of camgate, for <img>: docs/http.md, "Signed URLs". PHP 8, no package; copy it into your project.

/** Returns base + address, such as "/camera/1?fps=5", signed for the user $sub and good for $seconds from $now (by default, the time). */
function camgate_url(string $address, string $sub, string $key, string $kid = 'k1', int $seconds = 600, string $base = '', ?int $now = null): string
{
    if ($sub === '') {
        throw new InvalidArgumentException('camgate_url needs a user');
    }
    [$path, $query] = explode('?', $address, 2) + [1 => ''];
    $parts = array_filter(explode('/', $path), fn ($part) => $part !== '');
    $path = '/' . implode('/', array_map(fn ($part) => rawurlencode(rawurldecode($part)), $parts));
    $iat = $now ?? time();
    $pairs = ['exp=' . ($iat + $seconds), 'iat=' . $iat, 'kid=' . rawurlencode($kid), 'sub=' . rawurlencode($sub)];
    foreach (array_filter(explode('&', $query), fn ($pair) => $pair !== '') as $pair) {
        [$name, $value] = array_map('urldecode', explode('=', $pair, 2) + [1 => '']);
        if (!in_array($name, ['exp', 'iat', 'kid', 'sub', 'sig'], true)) {
            $pairs[] = rawurlencode($name) . '=' . rawurlencode($value);
        }
    }
    sort($pairs, SORT_STRING);
    $query = implode('&', $pairs);
    $mac = hash_hmac('sha256', "camgate1\nGET\n$path\n$query", $key, true);
    return rtrim($base, '/') . $path . '?' . $query . '&sig=' . rtrim(strtr(base64_encode($mac), '+/', '-_'), '=');
}
