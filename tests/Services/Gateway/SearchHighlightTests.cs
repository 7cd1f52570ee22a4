using EnterprisePortal.Gateway.Pages.Parts;

namespace EnterprisePortal.Tests.Gateway;

public class SearchHighlightTests
{
    [Theory]
    [InlineData("Jürgen Müller", "muller", "Jürgen [Müller]")]
    [InlineData("Anna Müller", "muller an", "[An]na [Müller]")]
    [InlineData("Siobhán O'Brien", "brien", "Siobhán O'[Brien]")]
    [InlineData("Siobhán OʼBrien", "o'bri", "Siobhán [OʼBri]en")]
    [InlineData("Kaʻiulani Kealiʻiwahine", "kaiulani", "[Kaʻiulani] Kealiʻiwahine")]
    [InlineData("小明 王", "王小明", "[小明] [王]")]
    [InlineData("Mary Smith", "jones", "Mary Smith")]
    public void What_a_person_searched_is_marked_where_it_was_found(string name, string searched, string marked)
    {
        var parts = SearchHighlight.Parts(name, SearchHighlight.InName(name, searched))
            .Select(part => part.Matches ? $"[{part.Part}]" : part.Part);

        Assert.Equal(marked, string.Concat(parts));
    }
}
