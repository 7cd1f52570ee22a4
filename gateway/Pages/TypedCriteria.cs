namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// What a person typed into the one field of the header, told apart by its look: <c>holloway (512) 555-0102</c> is a name and a phone
/// number. Family Search has the rules for each; nothing is checked here.
/// </summary>
/// <param name="Name">null: no such word was typed. The same goes for <paramref name="Email"/> and <paramref name="Phone"/>.</param>
public sealed record TypedCriteria(string? Name, string? Email, string? Phone)
{
    /// <summary>As they surround a copied address: <c>"Holloway, Grace" &lt;grace@example.com>;</c></summary>
    static readonly char[] Around = ['<', '>', '"', ',', ';'];

    /// <param name="typed">null or blank: all are null.</param>
    public static TypedCriteria Read(string? typed)
    {
        var words = (typed ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => WithoutScheme(word.Trim(Around)))
            // A dash between two halves of a number belongs to neither look.
            .Where(word => word.Any(char.IsLetterOrDigit))
            .ToLookup(LookOf);
        return new(Join(words[Look.Name]), Join(words[Look.Email]), Join(words[Look.Phone]));
    }

    enum Look { Name, Email, Phone }

    static Look LookOf(string word) =>
        word.Contains('@') ? Look.Email
        : word.Any(char.IsDigit) && !word.Any(char.IsLetter) ? Look.Phone
        : Look.Name;

    /// <summary><c>tel:+15125550102</c> and <c>mailto:grace@example.com</c>, as links are copied.</summary>
    static string WithoutScheme(string word) =>
        word.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? word["tel:".Length..]
        : word.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? word["mailto:".Length..]
        : word;

    static string? Join(IEnumerable<string> words) => string.Join(' ', words) is { Length: > 0 } joined ? joined : null;
}
