using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>E-mail addresses of people and of staff users: compared in lower case.</summary>
public static class EmailAddress
{
    public static string Read(string given) => given.Trim().ToLowerInvariant();

    /// <param name="given">null: not mentioned, <paramref name="now"/> stays. Empty: the address is removed.</param>
    public static string? Read(string? given, string? now) => given switch { null => now, "" => null, _ => Read(given) };

    public static bool IsUsable(string given) => given.Trim() is { Length: <= 254 } email
        && email.IndexOf('@') is > 0 and var at && at == email.LastIndexOf('@') && at < email.Length - 1
        && !email.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is ',' or ';' or '<' or '>');

    public static bool IsNoneOrUsable(string? given) => string.IsNullOrEmpty(given) || IsUsable(given);

    public static ValidationProblem Refused(string field) => Refusal.Invalid(field, "Not an e-mail address.");
}
