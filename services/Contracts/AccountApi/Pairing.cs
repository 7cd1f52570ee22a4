namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// Body of <c>POST {base}/enterprise/pair</c>, the one call without a token: the one-time code that the account's owner issued is the
/// proof. From then on the account accepts only this issuer and enterprise. 403 for a wrong or used code, 409 if it is paired with another
/// enterprise.
/// </summary>
public record PairRequest(string PairingCode, string Issuer, Guid EnterpriseId, string EnterpriseName, string ClientId);

/// <summary>The account's description of itself.</summary>
/// <param name="Keys">JSON Web Key Set with the public keys the account signs its client assertions with (private_key_jwt):
/// header <c>typ</c> <c>client-authentication+jwt</c>, <c>iss</c> and <c>sub</c> the client id <c>account-{code}</c>, <c>aud</c> the
/// issuer, a <c>jti</c>, a minute to live.</param>
public record PairResponse(string Code, string Name, string Owner, AccountContact Contact, IReadOnlyList<AccountLocation> Locations,
    string TimeZone, string Country, string Keys);

public record AccountContact(string Name, string Email, string Phone);

public record AccountLocation(string Name, string City, string State);
