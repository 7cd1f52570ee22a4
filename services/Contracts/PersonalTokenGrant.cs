namespace EnterprisePortal.Contracts;

/// <summary>How the gateway exchanges a program's personal token at Identity (docs/adr/0009-personal-access-tokens.md).</summary>
public static class PersonalTokenGrant
{
    /// <summary>A grant of our own at the token endpoint (RFC 6749, 4.5), for the gateway only.</summary>
    public const string Type = "urn:enterprise-portal:personal-token";

    /// <summary>The form field with the token.</summary>
    public const string Parameter = "personal_token";

    /// <summary>Begins every token, for scanners that look for leaked secrets.</summary>
    public const string SecretPrefix = "portal_pat_";
}
