using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace EnterprisePortal.Search.Validation;

/// <summary>Letters and digits that look alike but are different. They come from other keyboards and from scanned lists.</summary>
static partial class Lookalikes
{
    // Greek and Cyrillic letters, each above the Latin letter that it resembles.
    const string Foreign = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορτυχАВЕЅІЈКМНОРСТУХаеіјорсуѕһԁ",
                 Latin = "ABEZHIKMNOPTYXaivoptuxABESIJKMHOPCTYXaeijopcyshd";

    static readonly FrozenDictionary<char, char> latin = Foreign.Zip(Latin).ToFrozenDictionary(pair => pair.First, pair => pair.Second);

    public static string Fold(string text) =>
        text.AsSpan().IndexOfAnyInRange('Α', 'ԁ') < 0 ? text : string.Create(text.Length, text, static (folded, text) =>
    {
        for (var at = 0; at < text.Length; at++)
            folded[at] = latin.GetValueOrDefault(text[at], text[at]);
    });

    /// <summary>A digit in place of a letter, or a letter in place of a digit.</summary>
    public static bool Pair(char one, char other) =>
        (one, other) is ('0', 'o') or ('o', '0') or ('1', 'i') or ('i', '1') or ('1', 'l') or ('l', '1') or ('5', 's') or ('s', '5');

    /// <summary><c>2O25</c> is a number.</summary>
    public static string Digits(string run) =>
        NumberWithLetters().IsMatch(run) ? run.Replace('O', '0').Replace('o', '0').Replace('l', '1').Replace('I', '1') : run;

    [GeneratedRegex(@"^(?=.*\d)[\dOolI]+$")]
    private static partial Regex NumberWithLetters();
}
