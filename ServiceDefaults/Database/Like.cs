namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary><c>like</c> patterns for text that a person typed: <c>%</c> and <c>_</c> are ordinary characters.</summary>
public static class Like
{
    /// <summary>Matches the text anywhere.</summary>
    public static string Contains(string text) => $"%{Exactly(text)}%";

    /// <summary>Matches the whole text.</summary>
    public static string Exactly(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
}
