// Google and Microsoft, played by a certified OpenID Connect server: each with its own issuer and the claims that it sends.
// An address names the person (login_hint); there is no password.
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import http from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';

const { GOOGLE, MICROSOFT, TENANT, CLIENT_ID, CLIENT_SECRET, PORTAL } = process.env;
const hash = (text) => createHash('sha256').update(text).digest('hex');

serve(9001, new URL(GOOGLE), 'google', {
  openid: ['sub', 'hd'], email: ['email', 'email_verified'], profile: ['name'],
}, (email) => ({ sub: BigInt(`0x${hash(email).slice(0, 17)}`).toString(), hd: email.split('@')[1], email,
  email_verified: true, name: email }));

// https://login.microsoftonline.com/{tid}/v2.0. The document for all organizations names the issuer with a placeholder.
serve(9002, new URL(`${MICROSOFT}/${TENANT}/v2.0`), 'microsoft', {
  openid: ['sub', 'tid', 'oid', 'preferred_username'], email: ['email'], profile: ['name'],
}, (email) => ({ sub: hash(`${CLIENT_ID}${email}`), oid: hash(email).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5'),
  tid: TENANT, preferred_username: email, email, name: email }));

function serve(port, issuer, name, claims, about) {
  const prefix = issuer.pathname === '/' ? '' : issuer.pathname;
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }));
  const key = createPrivateKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const provider = new Provider(issuer.href.replace(/\/$/, ''), {
    clients: [{
      client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [`${PORTAL}connect/callback/${name}`],
      grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_post',
    }],
    claims, scopes: ['openid', 'email', 'profile', 'offline_access'], conformIdTokenClaims: false,
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: false } },
    interactions: { policy, url: (ctx, interaction) => `${prefix}/interaction/${interaction.uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => about(id) }),
    issueRefreshToken: () => true,
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email profile offline_access');
      await grant.save();
      return grant;
    },
  });
  provider.proxy = true;
  const answer = provider.callback();
  http.createServer(async (req, res) => {
    if (req.url === '/organizations/v2.0/.well-known/openid-configuration') {
      const own = await fetch(`http://127.0.0.1:${port}${prefix}/.well-known/openid-configuration`,
        { headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': issuer.host } });
      res.setHeader('Content-Type', 'application/json');
      return res.end(JSON.stringify({ ...await own.json(), issuer: `${MICROSOFT}/{tenantid}/v2.0` }));
    }
    if (req.url.startsWith(`${prefix}/interaction/`)) {
      const { params } = await provider.interactionDetails(req, res);
      return provider.interactionFinished(req, res, { login: { accountId: params.login_hint }, select_account: {} });
    }
    req.originalUrl = req.url;
    req.url = req.url.slice(prefix.length) || '/';
    return answer(req, res);
  }).listen(port);
}
