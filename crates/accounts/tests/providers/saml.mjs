// A SAML provider for tests: node saml.mjs [<port>], by Auth0's `samlp`. Prints one line of JSON with its port,
// and ends when its input does. GET /sso answers a request with the form a browser would post; POST
// /control/options says how: who signs in, and what is to be wrong. GET /metadata is its metadata.

import { createServer } from 'node:http';
import forge from 'node-forge';
import samlp from 'samlp';

function pair(name) {
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(2020, 0, 1);
  certificate.validity.notAfter = new Date(2040, 0, 1);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: name }]);
  certificate.sign(privateKey, forge.md.sha256.create());
  return { key: forge.pki.privateKeyToPem(privateKey), cert: forge.pki.certificateToPem(certificate) };
}

const ours = pair('provider');
const next = pair('provider, next');
let options = {};

function profileMapper(user) {
  return {
    getClaims: () => user.attributes,
    getNameIdentifier: () => ({ nameIdentifier: user.id, nameIdentifierFormat: user.format }),
  };
}
profileMapper.prototype.metadata = [];

async function read(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body ? JSON.parse(body) : {};
}

const server = createServer(async (request, response) => {
  const issuer = `http://127.0.0.1:${server.address().port}/saml`;
  const url = new URL(request.url, issuer);
  request.query = Object.fromEntries(url.searchParams);
  request.originalUrl = request.url;
  request.protocol = 'http';
  response.set = (name, value) => response.setHeader(name, value);
  response.send = (body) => response.end(String(body));
  if (url.pathname === '/control/options') {
    options = await read(request);
    response.writeHead(204).end();
  } else if (url.pathname === '/metadata') {
    samlp.metadata({ issuer, cert: ours.cert, profileMapper, redirectEndpointPath: '/sso', postEndpointPath: '/sso' })(request, response);
  } else {
    samlp.parseRequest(request, {}, (_error, asked) => {
      const acs = asked?.assertionConsumerServiceURL;
      samlp.auth({
        issuer,
        ...(options.otherKey ? next : ours),
        profileMapper,
        nameIdentifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        getUserFromRequest: () => options.user,
        getPostURL: (_audience, _dom, _request, done) => done(null, acs),
        recipient: acs,
        destination: acs,
        ...options,
      })(request, response, (error) => response.writeHead(500).end(String(error)));
    });
  }
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port, next: next.cert }));
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
