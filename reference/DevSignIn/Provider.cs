using System.Globalization;
using System.Numerics;

namespace EnterprisePortal.DevSignIn;

/// <summary>The differences between the two: addresses, issuer, and the shape of the claims.</summary>
public abstract record Provider(string Name, string Title, string Path)
{
    public static string Here(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    /// <summary>As in the metadata.</summary>
    public abstract string Issuer(string here);

    public abstract Dictionary<string, object> Claims(DemoPerson person, string here);
}

/// <summary>https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload</summary>
public sealed record Google() : Provider("google", "Google", "/google")
{
    public override string Issuer(string here) => here + Path;

    public override Dictionary<string, object> Claims(DemoPerson person, string here) => new()
    {
        ["iss"] = Issuer(here),
        // 21 digits: 110169484474386276334
        ["sub"] = "1" + (new BigInteger(person.Fingerprint(Name), isUnsigned: true) % BigInteger.Pow(10, 20))
            .ToString("D20", CultureInfo.InvariantCulture),
        ["email"] = person.Email,
        ["email_verified"] = person.EmailVerified,
        ["hd"] = person.Email[(person.Email.IndexOf('@') + 1)..],
        ["name"] = person.Name,
        ["amr"] = new[] { "pwd", "mfa" }
    };
}

/// <summary>
/// https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference. The <c>organizations</c> metadata names no single issuer:
/// its <c>{tenantid}</c> stands for the <c>tid</c> of each token.
/// </summary>
public sealed record MicrosoftEntra() : Provider("microsoft", "Microsoft", "/microsoft/organizations/v2.0")
{
    public override string Issuer(string here) => here + "/microsoft/{tenantid}/v2.0";

    public override Dictionary<string, object> Claims(DemoPerson person, string here) => new()
    {
        ["iss"] = Issuer(here).Replace("{tenantid}", person.Tenant, StringComparison.Ordinal),
        ["sub"] = Convert.ToBase64String(person.Fingerprint("microsoft-pairwise")),
        ["oid"] = new Guid(person.Fingerprint(Name)[..16]).ToString(),
        ["tid"] = person.Tenant,
        ["preferred_username"] = person.Email,
        ["email"] = person.Email,
        ["name"] = person.Name,
        ["ver"] = "2.0"
    };
}
