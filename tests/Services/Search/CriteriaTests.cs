using EnterprisePortal.Search.FamilySearch;

namespace EnterprisePortal.Tests.Search;

/// <summary>What is enough to search by, and what is too much, at its very edges.</summary>
public class CriteriaTests
{
    readonly Dictionary<string, string[]> errors = [];

    [Theory]
    [InlineData("an", null, null), InlineData(null, "abc", null), InlineData(null, null, "1234")]
    [InlineData(null, "  abc  ", null), InlineData("  ", "abc", " "), InlineData("田", null, null)]
    public void The_least_of_any_one_is_enough(string? name, string? email, string? phone)
    {
        Assert.NotNull(Criteria.Read(name, email, phone, errors));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("a", null, null, "name", "Enter at least 2 letters of the name.")]
    [InlineData(null, "ab", null, "email", "Enter at least 3 characters of the e-mail.")]
    [InlineData(null, " ab ", null, "email", "Enter at least 3 characters of the e-mail.")]
    [InlineData(null, null, "123", "phone", "Enter at least 4 digits of the phone number.")]
    [InlineData(null, null, "unknown", "phone", "Enter at least 4 digits of the phone number.")]
    [InlineData(null, "ab\u0001c", null, "email", "This is not an e-mail.")]
    [InlineData(" ", " ", " ", "name", "Enter a name, an e-mail or a phone number.")]
    [InlineData(null, null, null, "name", "Enter a name, an e-mail or a phone number.")]
    public void Less_is_said_of_the_field_it_is_in(string? name, string? email, string? phone, string field, string sentence)
    {
        Assert.Null(Criteria.Read(name, email, phone, errors));
        Assert.Equal((field, sentence), (Assert.Single(errors).Key, Assert.Single(errors[field])));
    }

    [Fact]
    public void The_longest_email_and_phone_there_are_can_be_searched_by_and_longer_ones_are_none()
    {
        Assert.NotNull(Criteria.Read(null, new string('a', 254), new string('5', 20), errors));

        Assert.Null(Criteria.Read(null, new string('a', 255), new string('5', 21), errors));
        Assert.Equal(["This is not an e-mail.", "This is not a phone number."], [.. errors["email"], .. errors["phone"]]);
    }

    [Fact]
    public void Every_field_that_is_wrong_is_named_at_once()
    {
        Assert.Null(Criteria.Read("a", "ab", "123", errors));
        Assert.Equal(["email", "name", "phone"], errors.Keys.Order());
    }

    [Fact]
    public void An_email_is_compared_in_lower_case_and_without_the_spaces_around_it()
    {
        var criteria = Criteria.Read(null, " Mary.S@Example.com ", null, errors)!;

        Assert.Equal(("mary.s@example.com", 0, 0), (criteria.Email, criteria.Words.Count, criteria.Phones.Length));
    }

    [Fact]
    public void Who_gives_no_phone_is_not_searched_by_one()
    {
        Assert.Empty(Criteria.Read("Ann Mary", null, null, errors)!.Phones);
        Assert.Equal(["5"], Criteria.Read("Ann", "ann", "5555", errors)!.Phones.Select(phone => phone[..1]));
    }

    [Fact]
    public void A_name_may_be_any_length_beside_a_phone_that_is_read_from_its_end()
    {
        var criteria = Criteria.Read("Ann Mary", null, "555-0101", errors)!;

        Assert.Equal(["mary", "ann"], criteria.Words);
        Assert.Equal(["1010555"], criteria.Phones);
        Assert.Equal("", criteria.Email);
    }
}
