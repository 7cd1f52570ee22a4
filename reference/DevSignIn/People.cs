using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace EnterprisePortal.DevSignIn;

/// <param name="Tenant">Microsoft's <c>tid</c>.</param>
/// <param name="Generation">A different number is a different human being who was given the same e-mail address.</param>
public record DemoPerson(string Email, string Name, string Provider, string Tenant, bool EmailVerified = true, bool Disabled = false,
    int Generation = 0)
{
    /// <summary>The same at every start, and different for each person.</summary>
    public byte[] Fingerprint(string purpose) => SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}:{Email}:{Generation}"));
}

/// <summary>The demo world's people. Any other e-mail address signs in as well: the providers know everybody, the portal does
/// not.</summary>
public sealed class People
{
    /// <summary>The tenant that the demo enterprise allows.</summary>
    const string BlueDolphinTenant = "7c1d5f0e-5b1a-4c7e-9a55-0d5a5e3b1c01";

    readonly ConcurrentDictionary<string, DemoPerson> known = new(StringComparer.OrdinalIgnoreCase);

    public People()
    {
        foreach (var (email, name, provider) in new[]
        {
            ("root-admin@bluedolphin.example", "Rosa Admin", "google"), ("root-user@bluedolphin.example", "Ruben User", "google"),
            ("east-admin@bluedolphin.example", "Edith Admin", "microsoft"), ("east-user@bluedolphin.example", "Emil User", "google"),
            ("west-user@bluedolphin.example", "Wanda User", "google"), ("suspended@bluedolphin.example", "Sven Suspended", "google"),
            ("root-admin@tumbletime.example", "Tara Admin", "google"), ("root-user@tumbletime.example", "Theo User", "google"),
            ("consultant@partners.example", "Cora Consultant", "google")
        })
            known[email] = new(email, name, provider, TenantOf(email));
    }

    public IEnumerable<DemoPerson> At(string provider) =>
        known.Values.Where(person => person.Provider == provider).OrderBy(person => person.Email, StringComparer.Ordinal);

    public DemoPerson Find(string email) =>
        known.GetValueOrDefault(email) ?? new(email.ToLowerInvariant(), email.Split('@')[0], "", TenantOf(email));

    public void Change(DemoPerson person) => known[person.Email] = person;

    static string TenantOf(string email) => email.EndsWith("@bluedolphin.example", StringComparison.OrdinalIgnoreCase)
        ? BlueDolphinTenant
        : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(email[(email.IndexOf('@') + 1)..].ToLowerInvariant()))[..16]).ToString();
}
